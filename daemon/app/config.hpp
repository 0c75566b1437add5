// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/problem.hpp"
#include "dispatch/courtesy.hpp"
#include "profile/channel.hpp"

// The one configuration file. Every key is documented in packaging/rappel.example.yaml (a test
// checks that both say the same). No file at all also works: everything below has a default.

namespace rappel::app {

struct DatabaseConfig {
  std::string dsn;       ///< empty: the embedded PostgreSQL under state_directory
  std::string dsn_file;  ///< a file that holds the DSN, when it carries a password
  int connections_max = 12;
  bool migrate_at_start = true;
  bool behind_pgbouncer = false;  ///< then no statement's plan is kept: transaction mode forbids it
  std::chrono::milliseconds statement_timeout{5'000};
  bool embedded_fsync = true;  ///< false only for tests: a power cut would lose data
};

struct KeysConfig {
  std::string master_key_file;  ///< empty: the credential "master-key", else made under state_directory
  std::string index_key_file;   ///< the same with "index-key"
};

struct ApiConfig {
  std::string listen = "127.0.0.1:8080";  ///< "address:port" or "unix:/path"
  int threads = 16;
};

struct SchedulerConfig {
  std::chrono::milliseconds lease_ttl{15'000};
  std::chrono::milliseconds lease_margin{3'000};
  std::chrono::milliseconds tick{5};
  std::chrono::milliseconds horizon{1'800'000};
  std::chrono::milliseconds sweep_interval{10'000};
  int wheel_entries_max = 200'000;
};

struct RulesConfig {
  int reevaluations_per_second = 2'000;
  bool customary_holidays = false;  ///< days that only custom gives count as public holidays
};

struct DispatchConfig {
  int works_max = 2'000;
  std::chrono::milliseconds retry_first{60'000};
  std::chrono::milliseconds retry_last{3'600'000};
  int attempts_max = 12;
  std::chrono::milliseconds unknown_delay{5'000};
};

struct SendersConfig {
  std::string socket;   ///< empty: senders.sock under state_directory
  std::string program;  ///< empty: rappel-sender beside rappeld, else /usr/lib/rappel
  std::string plugins;  ///< folder; empty: beside the build, else /usr/lib/<triplet>/rappel/plugins
};

struct NotifierConfig {
  std::string name;
  Channel channel = Channel::email;
  std::string plugin;  ///< "email" means rappel-notifier-email.so in the plugins folder
  bool external = false;  ///< its sender is started by systemd, not by us
  /// The provider, or the channel itself, makes a second copy under the same key invisible.
  bool repeatable = false;
  int window_max = 512;
  std::chrono::milliseconds send_timeout{30'000};
  std::string credential_file;
  boost::json::object config;  ///< the plugin's own keys, checked by the plugin's schema
};

struct Config {
  std::string path;  ///< empty: the defaults
  std::string state_directory;
  std::string templates_directory;  ///< holds messages/, deadlines/ and calendar/
  std::string log_level = "info";
  DatabaseConfig database;
  KeysConfig keys;
  ApiConfig api;
  SchedulerConfig scheduler;
  RulesConfig rules;
  DispatchConfig dispatch;
  dispatch::Manners courtesy;
  SendersConfig senders;
  std::vector<NotifierConfig> notifiers;
};

/// Reads a file; an empty path gives the defaults. Every problem is listed, with file:line:column
/// and how to mend it.
Checked<Config> load_config(const std::string& path);

/// The file that is read when none is named: $RAPPEL_CONFIG, else /etc/rappel/rappel.yaml when it
/// exists, else none.
std::string default_config_path();

/// Every key of the file, dotted ("database.dsn"), for the documentation test.
std::vector<std::string> config_keys();

}  // namespace rappel::app
