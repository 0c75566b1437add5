// SPDX-License-Identifier: Apache-2.0
// rappelctl: what an administrator asks and tells, from the command line.
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <exception>

#include "app/ctl/options.hpp"
#include "base/log.hpp"

namespace {

using namespace rappel::app;

const std::array commands{
    ctl::Command{"migrate", "", "bring the database schema up to date", ctl::migrate},
    ctl::Command{"tenant", "create --slug S --name N --human-name H --human-phone P [--country fr] [--zone Europe/Paris] | list",
                 "administrations", ctl::tenant},
    ctl::Command{"key", "create --tenant S --label L [--kind live|team|test] | list --tenant S | revoke ID",
                 "keys for the API; a new one is shown once", ctl::key},
    ctl::Command{"citizen", "--tenant S REFERENCE", "what is known of one person", ctl::citizen},
    ctl::Command{"timeline", "--tenant S REFERENCE [--months 12] [--explain fr|en]",
                 "a person's deadlines and reminders, past and planned, each with why",
                 ctl::timeline},
    ctl::Command{"simulate", "CITIZEN.json [EVENTS.json] [--months 12] [--from DATE] [--country fr] [--zone Europe/Paris] "
                 "[--explain fr|en]",
                 "every message that a person would get, on a virtual clock; stores nothing",
                 ctl::simulate},
    ctl::Command{"rules",
                 "test [ID…] | list [--pack birth] | vocabulary | schema [campaign|holidays]   "
                 "[--templates FOLDER]\n        | diff FOLDER [--tenant S] [--citizens N] [--samples 3]",
                 "deadline rules: run the examples in their files, list them, their words, their "
                 "JSON Schema;\n      diff: what other rules would change for the people who are stored",
                 ctl::rules},
    ctl::Command{"send-test", "--tenant S REFERENCE --channel email|sms|inapp",
                 "one test message, now, through the running daemon", ctl::send_test},
    ctl::Command{"silence",
                 "preview|set --tenant S --until T [--from T] [--rule ID|FOLDER.*] [--notifier N] [--departement D]\n"
                 "          [--author A --comment C --expected N] | list --tenant S | end --tenant S ID",
                 "times in which reminders of a kind do not leave; set wants the number that preview shows",
                 ctl::silence},
    ctl::Command{"status", "", "what the daemon has in hand", ctl::status},
    ctl::Command{"calendar",
                 "holidays|easter|add|roll|delay|working-days|recurrence|to-utc|sms … | --batch",
                 "dates and delays of law, time zones and parts of an SMS; needs no database",
                 ctl::calendar, false},
};

void print_help(std::FILE* where) {
  fmt::print(where,
             "rappelctl: tells rappeld what to do and shows what it knows.\n\n"
             "usage: rappelctl [--config FILE] [--json] COMMAND …\n\n");
  for (const auto& command : commands)
    fmt::print(where, "  {} {}\n      {}\n", command.name, command.usage, command.summary);
  fmt::print(where,
             "\n--config FILE  the daemon's configuration; default $RAPPEL_CONFIG, else\n"
             "               /etc/rappel/rappel.yaml, else the embedded default\n"
             "--json         for programs: one JSON value\n");
}

int run(std::vector<std::string> words) {
  ctl::Call call;
  std::string path = default_config_path();
  bool path_given = false;
  std::vector<std::string> rest;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--config") {
      if (i + 1 == words.size()) throw ctl::UsageError("--config needs a file");
      path = words[++i];
      path_given = true;
    } else if (words[i] == "--json") {
      call.json = true;
    } else {
      rest.push_back(words[i]);
    }
  }
  if (rest.empty() || rest[0] == "--help" || rest[0] == "help") {
    print_help(rest.empty() ? stderr : stdout);
    return rest.empty() ? 2 : 0;
  }
  for (const auto& command : commands) {
    if (command.name != rest[0]) continue;
    if (rest.size() > 1 && rest[1] == "--help") {
      fmt::print("usage: rappelctl {} {}\n  {}\n", command.name, command.usage, command.summary);
      return 0;
    }
    if (command.needs_config || path_given) {
      auto config = load_config(path);
      if (!config) {
        for (const auto& problem : config.error())
          fmt::print(stderr, "{}\n", rappel::to_string(problem));
        return 2;
      }
      call.config = std::move(*config);
    }
    call.words.assign(rest.begin() + 1, rest.end());
    return command.run(call);
  }
  std::vector<std::string> names;
  for (const auto& command : commands) names.emplace_back(command.name);
  ctl::known_word(rest[0], names);
  return 2;
}

}  // namespace

int main(int count, char** words) {
  rappel::log::set_level(rappel::log::Level::warning);
  try {
    return run({words + 1, words + count});
  } catch (const ctl::UsageError& e) {
    fmt::print(stderr, "rappelctl: {} (see rappelctl --help)\n", e.what());
    return 2;
  } catch (const std::exception& e) {
    fmt::print(stderr, "rappelctl: {}\n", e.what());
    return 1;
  }
}
