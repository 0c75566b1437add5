// SPDX-License-Identifier: Apache-2.0
#include "app/config.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/strict_yaml.hpp"

using namespace rappel;
using namespace rappel::app;

namespace {

const std::string example = std::string(RAPPEL_SOURCE_DIR) + "/packaging/rappel.example.yaml";

/// A configuration file that is gone with the test.
class File {
 public:
  explicit File(const std::string& text) {
    char name[] = "/tmp/rappel-config-XXXXXX";
    const int file = mkstemp(name);
    REQUIRE(file >= 0);
    path = name;
    std::ofstream(path) << text;
    ::close(file);
  }
  ~File() { std::remove(path.c_str()); }
  std::string path;
};

Problem first_problem(const std::string& text) {
  const File file(text);
  auto config = load_config(file.path);
  REQUIRE_FALSE(config.has_value());
  auto problem = config.error().front();
  problem.where = problem.where.substr(file.path.size());
  return problem;
}

}  // namespace

TEST_CASE("no file at all gives a configuration that works on its own") {
  const auto config = load_config("");
  REQUIRE(config.has_value());
  CHECK(config->database.dsn.empty());
  CHECK(config->notifiers.size() == 3);
  CHECK(std::all_of(config->notifiers.begin(), config->notifiers.end(),
                    [](const auto& notifier) { return notifier.repeatable; }));
}

TEST_CASE("the shipped example is accepted") {
  const auto config = load_config(example);
  if (!config) {
    for (const auto& problem : config.error()) MESSAGE(to_string(problem));
  }
  REQUIRE(config.has_value());
  CHECK(config->notifiers.size() == 2);
}

TEST_CASE("every key is in the example and the example has no other") {
  std::vector<Problem> problems;
  const auto file = load_yaml(example, problems);
  REQUIRE(problems.empty());
  std::vector<std::string> shown;
  for (const auto& section : file.root) {
    const auto name = section.first.Scalar();
    if (section.second.IsMap()) {
      for (const auto& key : section.second) shown.push_back(name + "." + key.first.Scalar());
    } else if (section.second.IsSequence()) {
      for (const auto& key : section.second[0]) shown.push_back(name + "." + key.first.Scalar());
    } else {
      shown.push_back(name);
    }
  }
  auto known = config_keys();
  std::sort(known.begin(), known.end());
  std::sort(shown.begin(), shown.end());
  CHECK(known == shown);
}

TEST_CASE("the defaults of the example are the defaults of the code") {
  const auto shown = load_config(example);
  const auto defaults = load_config("");
  REQUIRE(shown.has_value());
  CHECK(shown->scheduler.horizon == defaults->scheduler.horizon);
  CHECK(shown->scheduler.lease_ttl == defaults->scheduler.lease_ttl);
  CHECK(shown->rules.reevaluations_per_second == defaults->rules.reevaluations_per_second);
  CHECK(shown->rules.customary_holidays == defaults->rules.customary_holidays);
  CHECK(shown->scheduler.sweep_interval == defaults->scheduler.sweep_interval);
  CHECK(shown->scheduler.wheel_entries_max == defaults->scheduler.wheel_entries_max);
  CHECK(shown->courtesy.usual.quiet_hours == defaults->courtesy.usual.quiet_hours);
  CHECK(shown->courtesy.usual.quiet_channels == defaults->courtesy.usual.quiet_channels);
  CHECK(shown->courtesy.usual.advice_on_closed_days == defaults->courtesy.usual.advice_on_closed_days);
  CHECK(shown->courtesy.usual.service_per_day_max == defaults->courtesy.usual.service_per_day_max);
  CHECK(shown->courtesy.usual.advice_per_day_max == defaults->courtesy.usual.advice_per_day_max);
  CHECK(shown->courtesy.of_tenant.empty());
  CHECK(shown->dispatch.retry_first == defaults->dispatch.retry_first);
  CHECK(shown->dispatch.retry_last == defaults->dispatch.retry_last);
  CHECK(shown->dispatch.attempts_max == defaults->dispatch.attempts_max);
  CHECK(shown->dispatch.unknown_delay == defaults->dispatch.unknown_delay);
  CHECK(shown->dispatch.works_max == defaults->dispatch.works_max);
  CHECK(shown->database.connections_max == defaults->database.connections_max);
  CHECK(shown->database.statement_timeout == defaults->database.statement_timeout);
  CHECK(shown->api.threads == defaults->api.threads);
  CHECK(shown->api.listen == defaults->api.listen);
}

TEST_CASE("a mistyped key is refused with its place and its neighbour") {
  const auto problem = first_problem("api:\n  lisen: x\n");
  CHECK(problem.code == "unknown_key");
  CHECK(problem.where == ":2:3");
  CHECK(problem.mend == "did you mean \"listen\"?");
}

TEST_CASE("values out of range or of the wrong kind are refused where they stand") {
  CHECK(first_problem("api:\n  threads: 0\n").where == ":2:12");
  CHECK(first_problem("api: 3\n").code == "wrong_type");
  CHECK(first_problem("scheduler:\n  tick: fast\n").code == "not_a_duration");
  CHECK(first_problem("scheduler:\n  lease_ttl: 4s\n").code == "wrong_value");
  CHECK(first_problem("notifiers:\n  - name: a\n    channel: fax\n    plugin: p\n").code ==
        "unknown_value");
  CHECK(first_problem("notifiers:\n  - name: a\n    plugin: p\n").code == "missing_key");
}

TEST_CASE("a password in the file is refused and not repeated") {
  const auto problem = first_problem("database:\n  dsn: \"host=x password=hunter2\"\n");
  CHECK(problem.code == "secret_in_file");
  CHECK(to_string(problem).find("hunter2") == std::string::npos);
}

TEST_CASE("a notifier's own keys keep their types") {
  const File file(
      "notifiers:\n  - name: a\n    channel: sms\n    plugin: p\n"
      "    config: {port: 25, tls: true, id: \"007\", list: [1, x]}\n");
  const auto config = load_config(file.path);
  REQUIRE(config.has_value());
  const auto& own = config->notifiers.at(0).config;
  CHECK(own.at("port").as_int64() == 25);
  CHECK(own.at("tls").as_bool());
  CHECK(own.at("id").as_string() == "007");
  CHECK(own.at("list").as_array().size() == 2);
}
