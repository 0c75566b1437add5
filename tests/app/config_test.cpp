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
      for (const auto& key : section.second[0]) {
        const auto full = name + "." + key.first.Scalar();
        if (!key.second.IsMap() || full == "notifiers.config") shown.push_back(full);
        else
          for (const auto& inner : key.second) shown.push_back(full + "." + inner.first.Scalar());
      }
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

TEST_CASE("a rate is read by second minute or hour and its burst is a second of it unless given") {
  const std::string head = "notifiers:\n  - name: a\n    channel: sms\n    plugin: p\n    ";
  const auto read = [&](const std::string& lines) {
    const File file(head + lines);
    const auto config = load_config(file.path);
    REQUIRE(config.has_value());
    return config->notifiers.at(0);
  };
  CHECK(read("rate: 20/s\n").rate_per_second == 20);
  CHECK(read("rate: 20/s\n").burst == 20);
  CHECK(read("rate: 30/m\n").rate_per_second == 0.5);
  CHECK(read("rate: 30/m\n").burst == 1);
  CHECK(read("rate: 7200/h\n    burst: 9\n").burst == 9);
  CHECK(read("weight: 3\n").weight == 3);
  CHECK(read("breaker:\n      probes: 5\n").breaker.probes == 5);
}

TEST_CASE("what a lane cannot mean is refused where it stands and says how to mend it") {
  const std::string head = "notifiers:\n  - name: a\n    channel: sms\n    plugin: p\n    ";
  const auto rate = first_problem(head + "rate: fast\n");
  CHECK(rate.where == ":5:11");
  CHECK(rate.mend.find("30/m") != std::string::npos);
  for (const char* wrong : {"0/s", "10", "10/d", "-1/s", "10 /s", "99999999/s"})
    CHECK(first_problem(head + "rate: " + wrong + "\n").code == "wrong_value");
  CHECK(first_problem(head + "burst: 5\n").code == "burst_without_rate");
  CHECK(first_problem(head + "weight: 0\n").where == ":5:13");
  CHECK(first_problem(head + "concurrency_max: 0\n").where == ":5:22");
  CHECK(first_problem(head + "breaker:\n      window: 5\n").mend.find("5 or less") !=
        std::string::npos);
  CHECK(first_problem(head + "breaker:\n      open_for: 10m\n").code == "wrong_value");
  CHECK(first_problem(head + "breaker:\n      slow_after: 30s\n").code == "wrong_value");
  CHECK(first_problem(head + "breaker:\n      tries: 3\n").code == "unknown_key");
}

TEST_CASE("the breaker and the burst of the example are the defaults of the code") {
  const auto shown = load_config(example)->notifiers.at(0).breaker;
  const BreakerConfig code;
  CHECK(shown.failure_percent == code.failure_percent);
  CHECK(shown.window == code.window);
  CHECK(shown.results_min == code.results_min);
  CHECK(shown.slow_after == code.slow_after);
  CHECK(shown.open_for == code.open_for);
  CHECK(shown.open_for_max == code.open_for_max);
  CHECK(shown.probes == code.probes);
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
