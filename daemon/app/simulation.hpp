// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "app/config.hpp"
#include "app/library.hpp"
#include "app/print_carrier.hpp"

namespace rappel::app {

struct SimulationInput {
  boost::json::object citizen;  ///< body of PUT /v1/citizens/{ref}
  boost::json::object events;   ///< body of POST /v1/citizens/{ref}/events; may be empty
  Instant from{};
  Instant until{};
  store::Tenant tenant;
};

struct SimulationResult {
  std::vector<Deadline> deadlines;  ///< as they stand at the end
  std::vector<PrintCarrier::Sent> messages;
  boost::json::array notes;  ///< what every rule says without a deadline, on the first day
};

/// Plays one citizen's time on a virtual clock, through the real planner, scheduler and dispatcher,
/// over a store in memory and notifiers that deliver at once. Stores nothing.
Expected<SimulationResult> simulate_citizen(const Library& library, const Config& config,
                                            const SimulationInput& input);

}  // namespace rappel::app
