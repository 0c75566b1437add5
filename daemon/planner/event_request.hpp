// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "calendar/zone.hpp"
#include "planner/planner.hpp"

namespace rappel::planner {

/// An event as a request tells it. A day alone is one of the citizen's own calendar: its instant is known
/// once their zone is.
struct ToldEvent {
  Event event;
  std::optional<CivilDate> on;
  std::string pointer;  ///< of the event in the body
};

/// The events of a request: one, or a list under "events" of at most `events_max`. The first problem
/// is given with its JSON pointer; `country` is the tenant's.
Expected<std::vector<ToldEvent>> read_events(const Request& request, const boost::json::object& body,
                                             std::size_t events_max, std::string_view country);

/// Refuses a birthdate that has not come; nothing when there is none or it is past.
std::optional<Problem> not_yet_born(const boost::json::object& data, CivilDate today,
                                    const std::string& pointer);

/// Gives each its instant, in the citizen's zone. Refuses a day that has not come there.
Expected<std::vector<Event>> place_events(std::vector<ToldEvent> told, const calendar::Zone& zone,
                                          Instant now);

}  // namespace rappel::planner
