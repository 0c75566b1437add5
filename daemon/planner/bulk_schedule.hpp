// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "planner/schedule_request.hpp"

// Reminders of caseworkers by the thousand: Planner::schedule_all().

namespace rappel::planner {

inline constexpr std::size_t import_key_bytes_max = 255;

/// One line of an import: what POST /v1/reminders takes, and what makes it the same line again.
struct ScheduleLine {
  /// Of its citizen: the ids of the reminders are derived from it, so that a line that comes twice finds
  /// what it planned.
  std::string key;
  ScheduleRequest wanted;
};

/// Reads {"key": …, and the fields of a ScheduleRequest}. A line without a key is its own key: the same
/// fields in the same order are the same line.
Expected<ScheduleLine> read_schedule_line(boost::json::object body);

/// Gives a line's reminders the ids by which they are found again.
void name_by_key(std::vector<Reminder>& reminders, const std::string& key);

}  // namespace rappel::planner
