// SPDX-License-Identifier: Apache-2.0
#include "app/config.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "app/courtesy_config.hpp"
#include "app/paths.hpp"
#include "app/yaml_json.hpp"
#include "base/strict_yaml.hpp"

namespace rappel::app {
namespace {

constexpr std::size_t notifiers_max = 32;

template <typename T, typename Found>
void take(T& target, const Found& found) {
  if (found) target = static_cast<T>(*found);
}

void read_database(YamlMap map, DatabaseConfig& database) {
  take(database.dsn, map.text("dsn"));
  take(database.dsn_file, map.text("dsn_file"));
  take(database.connections_max, map.integer("connections_max", 2, 200));
  take(database.migrate_at_start, map.boolean("migrate_at_start"));
  take(database.behind_pgbouncer, map.boolean("behind_pgbouncer"));
  take(database.statement_timeout, map.duration("statement_timeout"));
  take(database.embedded_fsync, map.boolean("embedded_fsync"));
  if (database.dsn.find("password") != std::string::npos)
    map.wrong("dsn", "secret_in_file", "holds a password",
              "put the whole DSN into a file only the daemon may read, and name it in dsn_file");
  map.finish();
}

void read_keys(YamlMap map, KeysConfig& keys) {
  take(keys.master_key_file, map.text("master_key_file"));
  take(keys.index_key_file, map.text("index_key_file"));
  map.finish();
}

void read_api(YamlMap map, ApiConfig& api) {
  take(api.listen, map.text("listen"));
  take(api.threads, map.integer("threads", 1, 256));
  map.finish();
}

void read_scheduler(YamlMap map, SchedulerConfig& scheduler) {
  take(scheduler.lease_ttl, map.duration("lease_ttl"));
  take(scheduler.lease_margin, map.duration("lease_margin"));
  take(scheduler.tick, map.duration("tick"));
  take(scheduler.horizon, map.duration("horizon"));
  take(scheduler.sweep_interval, map.duration("sweep_interval"));
  take(scheduler.wheel_entries_max, map.integer("wheel_entries_max", 2'000, 100'000'000));
  if (scheduler.lease_margin >= scheduler.lease_ttl / 2)
    map.wrong("lease_margin", "wrong_value", "must be less than half of lease_ttl");
  map.finish();
}

void read_rules(YamlMap map, RulesConfig& rules) {
  take(rules.reevaluations_per_second, map.integer("reevaluations_per_second", 1, 1'000'000));
  take(rules.customary_holidays, map.boolean("customary_holidays"));
  map.finish();
}

void read_dispatch(YamlMap map, DispatchConfig& dispatch) {
  take(dispatch.works_max, map.integer("works_max", 1, 1'000'000));
  take(dispatch.retry_first, map.duration("retry_first"));
  take(dispatch.retry_last, map.duration("retry_last"));
  take(dispatch.attempts_max, map.integer("attempts_max", 1, 1'000));
  take(dispatch.unknown_delay, map.duration("unknown_delay"));
  map.finish();
}

void read_senders(YamlMap map, SendersConfig& senders) {
  take(senders.socket, map.text("socket"));
  take(senders.program, map.text("program"));
  take(senders.plugins, map.text("plugins"));
  map.finish();
}

NotifierConfig read_notifier(YamlMap map) {
  NotifierConfig notifier;
  notifier.name = map.required_text("name");
  if (!map.has("channel")) map.missing("channel");
  if (const auto channel = map.one_of(
          "channel", {"email", "sms", "inapp", "push", "letter", "call", "webhook"}))
    notifier.channel = *parse_channel(*channel);
  notifier.plugin = map.required_text("plugin");
  if (const auto managed = map.one_of("managed", {"child", "external"}))
    notifier.external = *managed == "external";
  take(notifier.repeatable, map.boolean("repeatable"));
  take(notifier.window_max, map.integer("window_max", 1, 100'000));
  take(notifier.send_timeout, map.duration("send_timeout"));
  take(notifier.credential_file, map.text("credential_file"));
  if (const auto own = map.node("config"); own.IsDefined() && !own.IsNull()) {
    if (own.IsMap()) {
      notifier.config = yaml_to_json(own).as_object();
    } else {
      map.wrong("config", "wrong_type", "must be a mapping (key: value)");
    }
  }
  map.finish();
  return notifier;
}

void read_notifiers(YamlMap& root, Config& config) {
  if (!root.has("notifiers")) return;
  config.notifiers.clear();
  std::set<std::string> names;
  for (auto& map : root.maps("notifiers")) {
    auto notifier = read_notifier(map);
    if (!names.insert(notifier.name).second)
      map.wrong("name", "duplicate_name",
                fmt::format("two notifiers are called \"{}\"", notifier.name));
    config.notifiers.push_back(std::move(notifier));
  }
  if (config.notifiers.size() > notifiers_max)
    root.wrong("notifiers", "too_many_items",
               fmt::format("may hold {} notifiers at most", notifiers_max));
}

/// With no configuration, messages are written as files that a person can open.
std::vector<NotifierConfig> default_notifiers(const std::string& state_directory) {
  const std::string outbox = state_directory + "/outbox";
  NotifierConfig mail{"mail", Channel::email, "file"};
  mail.repeatable = true;
  mail.config = {{"directory", outbox + "/mail"}, {"format", "maildir"}};
  NotifierConfig sms{"sms", Channel::sms, "file"};
  sms.repeatable = true;
  sms.config = {{"directory", outbox + "/sms"}, {"format", "text"}};
  NotifierConfig inbox{"inbox", Channel::inapp, "inapp"};
  inbox.repeatable = true;
  return {mail, sms, inbox};
}

void fill_places(Config& config) {
  if (config.state_directory.empty()) config.state_directory = default_state_directory();
  if (config.templates_directory.empty())
    config.templates_directory = default_templates_directory();
  if (config.senders.socket.empty()) config.senders.socket = config.state_directory + "/senders.sock";
  if (config.senders.program.empty()) config.senders.program = default_sender_program();
  if (config.senders.plugins.empty()) config.senders.plugins = default_plugins_directory();
}

}  // namespace

Checked<Config> load_config(const std::string& path) {
  Config config;
  config.path = path;
  if (path.empty()) {
    fill_places(config);
    config.notifiers = default_notifiers(config.state_directory);
    return config;
  }
  std::vector<Problem> problems;
  const auto file = load_yaml(path, problems);
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  YamlMap root(file, file.root, problems);
  take(config.state_directory, root.text("state_directory"));
  take(config.templates_directory, root.text("templates_directory"));
  take(config.log_level, root.one_of("log_level", {"error", "warning", "notice", "info", "debug"}));
  if (auto map = root.map("database")) read_database(*map, config.database);
  if (auto map = root.map("keys")) read_keys(*map, config.keys);
  if (auto map = root.map("api")) read_api(*map, config.api);
  if (auto map = root.map("scheduler")) read_scheduler(*map, config.scheduler);
  if (auto map = root.map("rules")) read_rules(*map, config.rules);
  if (auto map = root.map("dispatch")) read_dispatch(*map, config.dispatch);
  if (auto map = root.map("courtesy")) read_manners(*map, config.courtesy);
  if (auto map = root.map("senders")) read_senders(*map, config.senders);
  fill_places(config);
  config.notifiers = default_notifiers(config.state_directory);
  read_notifiers(root, config);
  root.finish();
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  return config;
}

std::string default_config_path() {
  if (const char* named = std::getenv("RAPPEL_CONFIG")) return named;
  std::error_code error;
  const std::string installed = "/etc/rappel/rappel.yaml";
  return std::filesystem::exists(installed, error) ? installed : std::string();
}

std::vector<std::string> config_keys() {
  return {"state_directory",
          "templates_directory",
          "log_level",
          "database.dsn",
          "database.dsn_file",
          "database.connections_max",
          "database.migrate_at_start",
          "database.behind_pgbouncer",
          "database.statement_timeout",
          "database.embedded_fsync",
          "keys.master_key_file",
          "keys.index_key_file",
          "api.listen",
          "api.threads",
          "scheduler.lease_ttl",
          "scheduler.lease_margin",
          "scheduler.tick",
          "scheduler.horizon",
          "scheduler.sweep_interval",
          "scheduler.wheel_entries_max",
          "rules.reevaluations_per_second",
          "rules.customary_holidays",
          "dispatch.works_max",
          "dispatch.retry_first",
          "dispatch.retry_last",
          "dispatch.attempts_max",
          "dispatch.unknown_delay",
          "courtesy.quiet_from",
          "courtesy.quiet_to",
          "courtesy.quiet_channels",
          "courtesy.advice_on_closed_days",
          "courtesy.service_per_day_max",
          "courtesy.advice_per_day_max",
          "courtesy.tenants",
          "senders.socket",
          "senders.program",
          "senders.plugins",
          "notifiers.name",
          "notifiers.channel",
          "notifiers.plugin",
          "notifiers.managed",
          "notifiers.repeatable",
          "notifiers.window_max",
          "notifiers.send_timeout",
          "notifiers.credential_file",
          "notifiers.config"};
}

}  // namespace rappel::app
