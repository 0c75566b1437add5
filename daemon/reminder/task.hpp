// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "base/id.hpp"
#include "base/instant.hpp"

namespace rappel {

enum class TaskState { open, claimed, resolved };
std::string_view to_string(TaskState state);
std::optional<TaskState> parse_task_state(std::string_view text);

/// Work for a human: the last step of every escalation.
struct Task {
  TaskId id;  ///< derived from what caused it, so that the same cause makes one task
  CitizenId citizen;
  std::optional<ReminderId> reminder;
  std::string kind;    ///< "call", "check_address"
  std::string reason;  ///< a code: "no_channel_left", "unknown_outcome", "poison_message"
  int urgency = 1;     ///< 0 = at once, 1 = this week, 2 = when possible
  TaskState state = TaskState::open;
  Instant created_at{};
  std::optional<CivilDate> due_on;
  boost::json::object detail;  ///< personal: sealed before it reaches SQL
};

TaskId task_id_of(ReminderId reminder, std::string_view reason);

}  // namespace rappel
