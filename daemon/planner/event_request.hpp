// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "planner/planner.hpp"

namespace rappel::planner {

/// The events of a request: one, or a list under "events" of at most `events_max`. The first problem
/// is given with its JSON pointer; `country` is the tenant's.
Expected<std::vector<Event>> read_events(const Request& request, const boost::json::object& body,
                                         std::size_t events_max, std::string_view country);

}  // namespace rappel::planner
