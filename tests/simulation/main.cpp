// SPDX-License-Identifier: Apache-2.0
// Plays seeds and says which promise was broken, by which, and how to see it again.
#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <chrono>
#include <iostream>

#include "base/log.hpp"
#include "simulation/town.hpp"

using namespace rappel;
using namespace rappel::simulation;

namespace {

struct Wanted {
  Settings settings;
  std::uint64_t seeds = 1;
  std::string plant;
  bool twice = false;
  bool until_caught = false;
  bool quiet = false;
};

std::string command(const Wanted& wanted, const Settings& settings) {
  return fmt::format("tests/simulation/run --seed {} --citizens {} --years {}{}", settings.seed,
                     settings.citizens, settings.years,
                     wanted.plant.empty() ? "" : " --plant '" + wanted.plant + "'");
}

void tell(const Wanted& wanted, const Settings& settings, const Outcome& outcome) {
  const auto& violation = *outcome.violation;
  const std::string about =
      violation.about == IdBytes{} ? "" : " (" + format_uuid(violation.about) + ")";
  fmt::print("seed {} broke: {}\n  found: {}{} on {}\n{}replay: {}\n", settings.seed,
             violation.invariant, violation.found, about, to_rfc3339(outcome.at), outcome.last_steps,
             command(wanted, settings));
}

void tally(const Settings& settings, const Outcome& outcome, double seconds) {
  const auto& tally = outcome.tally;
  fmt::print("seed {} held: digest {:016x}, {} steps in {:.2f} s; {} requests accepted, {} refused; "
             "{} reminders, {} messages handed over, {} asked about, {} tasks for humans, {} notes for "
             "a night that has it twice\n"
             "  faults: {} deaths of a node, {} failures of the database, {} standstills; {} handed "
             "over again after a doubt, {} copies arrived\n",
             settings.seed, outcome.digest, outcome.steps, seconds, outcome.accepted, outcome.refused,
             tally.planned, tally.handed, tally.queries, tally.tasks, tally.fold_notes, outcome.kills,
             outcome.failures, outcome.standstills, tally.repeated, outcome.copies);
  for (const auto& [state, count] : tally.states) {
    if (count != 0) fmt::print("  {} {}\n", to_string(state), count);
  }
  for (const auto& [code, count] : outcome.refusals) fmt::print("  refused: {} {}\n", code, count);
}

Wanted wanted_of(int argc, char** argv) {
  namespace po = boost::program_options;
  Wanted wanted;
  po::options_description options("simulation: plays a town of citizens for years");
  options.add_options()("help", "this text")(
      "seed", po::value(&wanted.settings.seed), "the first seed (1)")(
      "seeds", po::value(&wanted.seeds), "how many seeds from there on (1)")(
      "citizens", po::value(&wanted.settings.citizens), "citizens of the town (8)")(
      "years", po::value(&wanted.settings.years), "years of their lives (1)")(
#ifdef RAPPEL_SIMULATION_PLANTED
      "plant", po::value(&wanted.plant), "a bug by its name, to see it found")(
#endif
      "until-caught", po::bool_switch(&wanted.until_caught),
      "succeed at the first seed that breaks a promise; fail when none does")(
      "twice", po::bool_switch(&wanted.twice), "play each seed twice and compare")(
      "quiet", po::bool_switch(&wanted.quiet), "one line for all seeds that held");
  po::variables_map given;
  po::store(po::parse_command_line(argc, argv, options), given);
  po::notify(given);
  if (given.contains("help")) {
    std::cout << options;
    std::exit(0);
  }
  if (wanted.settings.citizens < 1 || wanted.settings.years < 1 || wanted.seeds < 1)
    throw std::invalid_argument("--citizens, --years and --seeds are at least 1");
  if (!wanted.plant.empty() && std::find(bugs.begin(), bugs.end(), wanted.plant) == bugs.end())
    throw std::invalid_argument(
        fmt::format("--plant: no bug \"{}\"; there are: {}", wanted.plant, fmt::join(bugs, ", ")));
  return wanted;
}

int play_all(const Wanted& wanted, const app::Library& library) {
  const auto begun = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < wanted.seeds; ++i) {
    Settings settings = wanted.settings;
    settings.seed += i;
    const auto start = std::chrono::steady_clock::now();
    const auto outcome = play(settings, library);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    if (outcome.violation) {
      tell(wanted, settings, outcome);
      return wanted.until_caught ? 0 : 1;
    }
    if (!wanted.quiet) tally(settings, outcome, took.count());
    if (wanted.twice && play(settings, library).digest != outcome.digest) {
      fmt::print("seed {} went two ways: {}\n", settings.seed, command(wanted, settings));
      return 1;
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  fmt::print("{} seeds held, from {} on, in {:.1f} s\n", wanted.seeds, wanted.settings.seed, took.count());
  return wanted.until_caught ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto wanted = wanted_of(argc, argv);
    log::set_level(log::Level(0));  // every fault would have its line
    plant(wanted.plant);
    const auto library = app::load_library(std::string(RAPPEL_SOURCE_DIR) + "/templates");
    if (!library) throw std::runtime_error(to_string(library.error().front()));
    return play_all(wanted, *library);
  } catch (const std::exception& e) {
    fmt::print(stderr, "simulation: {}\n", e.what());
    return 2;
  }
}
