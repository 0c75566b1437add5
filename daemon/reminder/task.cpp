// SPDX-License-Identifier: Apache-2.0
#include "reminder/task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rappel {
namespace {
constexpr std::array<std::string_view, 3> task_names{"open", "claimed", "resolved"};
}

std::string_view to_string(TaskState state) { return task_names[std::size_t(state)]; }

std::optional<TaskState> parse_task_state(std::string_view text) {
  const auto found = std::find(task_names.begin(), task_names.end(), text);
  if (found == task_names.end()) return std::nullopt;
  return TaskState(found - task_names.begin());
}

TaskId task_id_of(ReminderId reminder, std::string_view reason) {
  return TaskId::derived(reminder.shard(),
                         fmt::format("task\x1f{}\x1f{}", reminder.to_string(), reason));
}

}  // namespace rappel
