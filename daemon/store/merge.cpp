// SPDX-License-Identifier: Apache-2.0
#include "store/merge.hpp"

#include <algorithm>

namespace rappel::store {

std::optional<Reminder> merged(const Reminder& stored, bool doubtful, const Reminder& incoming) {
  const bool in_doubt = stored.state == ReminderState::unknown ||
                        (stored.state == ReminderState::claimed && doubtful);
  const bool closes = is_final(incoming.state);
  if (in_doubt && !closes) return std::nullopt;
  if (!in_doubt && !is_pending(stored.state)) return std::nullopt;

  Reminder result = incoming;
  result.attempt = stored.attempt;
  result.channel_index = stored.channel_index;
  result.tries = stored.tries;
  if (!closes) {
    const bool keeps_waiting =
        stored.state == ReminderState::retry_wait && stored.due_at == incoming.due_at;
    result.state = keeps_waiting ? ReminderState::retry_wait : ReminderState::planned;
    if (keeps_waiting) result.next_at = stored.next_at;
  }
  result.next_at = std::max(result.next_at, result.due_at);
  return result;
}

Reminder as_inserted(const Reminder& incoming) {
  Reminder result = incoming;
  result.next_at = std::max(result.next_at, result.due_at);
  return result;
}

bool is_scheduled(const Reminder& reminder) {
  return reminder.state == ReminderState::planned && reminder.state_reason.empty() &&
         !reminder.deadline && !reminder.statutory && reminder.misfire == Misfire::fire_now &&
         reminder.attempt == 0 && reminder.channel_index == 0 && reminder.tries == 0;
}

}  // namespace rappel::store
