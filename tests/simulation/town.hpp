// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "simulation/people.hpp"

namespace rappel::simulation {

/// What a run ended with.
struct Outcome {
  std::uint64_t digest = 0;
  std::optional<Violation> violation;
  std::string last_steps;  ///< before the violation, in words
  Instant at{};
  Tally tally;
  std::uint64_t steps = 0, kills = 0, failures = 0, standstills = 0, copies = 0, accepted = 0,
                refused = 0;
  std::map<std::string, int> refusals;
};

/// Plays a town for years: people, providers, daemons, storms. The same settings, the same run.
Outcome play(const Settings& settings, const app::Library& library);

}  // namespace rappel::simulation
