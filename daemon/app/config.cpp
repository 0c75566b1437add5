// SPDX-License-Identifier: Apache-2.0
#include "app/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "app/paths.hpp"
#include "app/yaml_json.hpp"
#include "base/strict_yaml.hpp"

namespace rappel::app {
namespace {

constexpr std::size_t notifiers_max = 32;
constexpr std::int64_t rate_max = 1'000'000;

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

/// A shorter lease is lost in any hiccup, a longer one leaves a dead node's shards alone for too long.
constexpr std::chrono::milliseconds ownership_time_min{1'000};
constexpr std::chrono::milliseconds ownership_time_max{600'000};

void read_scheduler(YamlMap map, SchedulerConfig& scheduler) {
  take(scheduler.lease_ttl, map.duration("lease_ttl"));
  take(scheduler.lease_margin, map.duration("lease_margin"));
  take(scheduler.hand_over_max, map.duration("hand_over_max"));
  take(scheduler.tick, map.duration("tick"));
  take(scheduler.horizon, map.duration("horizon"));
  take(scheduler.sweep_interval, map.duration("sweep_interval"));
  take(scheduler.wheel_entries_max, map.integer("wheel_entries_max", 2'000, 100'000'000));
  if (scheduler.lease_ttl < ownership_time_min || scheduler.lease_ttl > ownership_time_max)
    map.wrong("lease_ttl", "wrong_value", "must be between 1s and 10m");
  if (scheduler.hand_over_max < ownership_time_min || scheduler.hand_over_max > ownership_time_max)
    map.wrong("hand_over_max", "wrong_value", "must be between 1s and 10m");
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

/// "10/s", "30/m" or "500/h": messages per second.
std::optional<double> parse_rate(const std::string& text) {
  std::int64_t count = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, count);
  if (read.ec != std::errc{} || count < 1 || count > rate_max) return std::nullopt;
  const std::string_view unit(read.ptr, std::size_t(end - read.ptr));
  if (unit == "/s") return double(count);
  if (unit == "/m") return double(count) / 60;
  if (unit == "/h") return double(count) / 3600;
  return std::nullopt;
}

void read_rate(YamlMap& map, NotifierConfig& notifier) {
  if (const auto text = map.text("rate")) {
    const auto rate = parse_rate(*text);
    if (!rate)
      return map.wrong("rate", "wrong_value", fmt::format("\"{}\" is not a rate", *text),
                       "write messages per second, minute or hour: 10/s, 30/m or 500/h");
    notifier.rate_per_second = *rate;
    notifier.burst = std::max(1.0, *rate);
  }
  const auto burst = map.integer("burst", 1, rate_max);
  take(notifier.burst, burst);
  if (burst && notifier.rate_per_second == 0)
    map.wrong("burst", "burst_without_rate", "says nothing without a rate",
              "add rate, such as rate: 10/s, or remove burst");
}

BreakerConfig read_breaker(YamlMap map, std::chrono::milliseconds send_timeout) {
  BreakerConfig breaker;
  take(breaker.failure_percent, map.integer("failure_percent", 1, 100));
  take(breaker.window, map.integer("window", 1, 10'000));
  take(breaker.results_min, map.integer("results_min", 1, 10'000));
  take(breaker.slow_after, map.duration("slow_after"));
  take(breaker.open_for, map.duration("open_for"));
  take(breaker.open_for_max, map.duration("open_for_max"));
  take(breaker.probes, map.integer("probes", 1, 1'000));
  if (breaker.results_min > breaker.window)
    map.wrong("results_min", "wrong_value", "is more than the window holds, so the breaker never opens",
              fmt::format("write {} or less, or a larger window", breaker.window));
  if (breaker.open_for > breaker.open_for_max)
    map.wrong("open_for", "wrong_value", "is longer than open_for_max",
              "make open_for_max at least as long");
  if (map.has("slow_after") && breaker.slow_after >= send_timeout)
    map.wrong("slow_after", "wrong_value", "is not shorter than send_timeout: the sender is restarted first",
              "write a shorter time, or a longer send_timeout");
  if (breaker.open_for.count() <= 0)
    map.wrong("open_for", "wrong_value", "must be longer than nothing", "write 5s");
  map.finish();
  return breaker;
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
  take(notifier.concurrency_max, map.integer("concurrency_max", 1, 100'000));
  take(notifier.weight, map.integer("weight", 1, 1'000));
  read_rate(map, notifier);
  if (const auto breaker = map.map("breaker"))
    notifier.breaker = read_breaker(*breaker, notifier.send_timeout);
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
          "scheduler.hand_over_max",
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
          "notifiers.concurrency_max",
          "notifiers.weight",
          "notifiers.rate",
          "notifiers.burst",
          "notifiers.breaker.failure_percent",
          "notifiers.breaker.window",
          "notifiers.breaker.results_min",
          "notifiers.breaker.slow_after",
          "notifiers.breaker.open_for",
          "notifiers.breaker.open_for_max",
          "notifiers.breaker.probes",
          "notifiers.credential_file",
          "notifiers.config"};
}

}  // namespace rappel::app
