// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "base/problem.hpp"
#include "calendar/zone.hpp"
#include "reminder/reminder.hpp"

namespace rappel::planner {

/// A caseworker's own reminder, read and checked: one instant, or several counted from a due date.
struct ScheduleRequest {
  std::string citizen;  ///< the administration's reference
  std::string message;  ///< template name
  std::string topic = "caseworker";
  Lane lane = Lane::transactional;
  boost::json::object values;
  std::vector<Channel> channels;
  std::optional<Instant> send_at;
  std::optional<CivilDate> due_on;
  std::vector<std::string> offsets;  ///< ISO 8601 periods from due_on, "-P30D"
  std::chrono::minutes at{9 * 60};   ///< local hour of the offsets
  std::optional<Instant> expires_at;
};

Expected<ScheduleRequest> read_schedule_request(const boost::json::object& body);

/// Two refusals that need the store: who the citizen is, and what they have already.
Problem no_such_citizen();
Problem too_many_reminders(std::size_t most);

/// The reminders it asks for, whatever the time is.
std::vector<Reminder> reminders_of(const ScheduleRequest& request, CitizenId citizen,
                                   const calendar::Zone& zone);

/// Refuses instants in the past, beyond the horizon and after the message has expired, saying which.
Expected<void> check_moments(const ScheduleRequest& request, const std::vector<Reminder>& reminders,
                             Instant now, std::chrono::years horizon_max);

}  // namespace rappel::planner
