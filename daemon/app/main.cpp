// SPDX-License-Identifier: Apache-2.0
// rappeld: turns events into deadlines and deadlines into delivered messages.
#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <cstdio>
#include <exception>
#include <iostream>

#include "app/config.hpp"
#include "app/daemon.hpp"
#include "app/library.hpp"
#include "app/world_check.hpp"

namespace {

namespace po = boost::program_options;

/// Prints every problem of a refused input; the exit code for it.
int refuse_input(const std::vector<rappel::Problem>& problems) {
  for (const auto& problem : problems) fmt::print(stderr, "{}\n", rappel::to_string(problem));
  fmt::print(stderr, "{} problem(s); nothing was started\n", problems.size());
  return 2;
}

int run(int count, char** words) {
  po::options_description options(
      "rappeld: computes each citizen's deadlines and reminds them in time.\n\n"
      "Without --config it reads $RAPPEL_CONFIG, else /etc/rappel/rappel.yaml, else it runs on its\n"
      "defaults with a private PostgreSQL.\n\nOptions");
  options.add_options()("config", po::value<std::string>(), "the configuration file")(
      "check-config", po::value<std::string>()->implicit_value(""),
      "check a configuration file and its templates, start nothing")("help", "this text")(
      "version", "print the version");
  po::variables_map given;
  po::store(po::parse_command_line(count, words, options), given);
  if (given.count("help") != 0) {
    std::cout << options;
    return 0;
  }
  if (given.count("version") != 0) {
    fmt::print("rappeld {}\n", RAPPEL_VERSION);
    return 0;
  }
  std::string path = given.count("config") != 0 ? given["config"].as<std::string>()
                                                : rappel::app::default_config_path();
  const bool check_only = given.count("check-config") != 0;
  if (check_only && !given["check-config"].as<std::string>().empty())
    path = given["check-config"].as<std::string>();
  const auto config = rappel::app::load_config(path);
  if (!config) return refuse_input(config.error());
  if (check_only) {
    const auto library = rappel::app::load_library(*config);
    if (!library) return refuse_input(library.error());
    const auto world = rappel::app::check_world(*config);
    for (const auto& note : library->messages->notes())
      fmt::print(stderr, "note: {}\n", rappel::to_string(note));
    for (const auto& warning : world.warnings)
      fmt::print(stderr, "warning: {}\n", rappel::to_string(warning));
    if (!world.problems.empty()) return refuse_input(world.problems);
    fmt::print("{}: the configuration and the templates are good; what stands under a notifier's \"config\" "
               "its plugin checks at the start\n",
               path.empty() ? "(no file: defaults)" : path);
    return 0;
  }
  return rappel::app::run_daemon(*config);
}

}  // namespace

int main(int count, char** words) {
  try {
    return run(count, words);
  } catch (const po::error& e) {
    fmt::print(stderr, "rappeld: {} (see rappeld --help)\n", e.what());
    return 2;
  } catch (const std::exception& e) {
    fmt::print(stderr, "<2>RPL-0002 rappeld cannot go on: {}\n", e.what());
    return 1;
  }
}
