// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "store/merge.hpp"

using namespace rappel;
using store::as_inserted;
using store::merged;

namespace {

const Instant due = parse_rfc3339("2026-12-01T08:00:00Z").value();
const Instant later = due + std::chrono::days{40};

Reminder reminder_in(ReminderState state) {
  Reminder reminder;
  reminder.state = state;
  reminder.due_at = due;
  reminder.next_at = due;
  reminder.attempt = 3;
  reminder.channel_index = 1;
  reminder.message = "old";
  return reminder;
}

/// What the planner hands over: its own idea of state, attempt and place.
Reminder wanted(ReminderState state, Instant at) {
  Reminder reminder;
  reminder.state = state;
  reminder.due_at = at;
  reminder.next_at = at;
  reminder.message = "new";
  return reminder;
}

}  // namespace

TEST_CASE("a pending reminder takes new words and keeps its attempt and place on the ladder") {
  for (const auto state : all_reminder_states()) {
    if (!is_pending(state)) continue;
    CAPTURE(to_string(state));
    const auto result = merged(reminder_in(state), false, wanted(ReminderState::planned, due));
    REQUIRE(result);
    CHECK(result->message == "new");
    CHECK(result->attempt == 3);
    CHECK(result->channel_index == 1);
  }
}

TEST_CASE("a reminder that has left or is final stays as it is") {
  for (const auto state : all_reminder_states()) {
    if (is_pending(state)) continue;
    CAPTURE(to_string(state));
    CHECK_FALSE(merged(reminder_in(state), false, wanted(ReminderState::planned, later)));
    const bool closes =
        bool(merged(reminder_in(state), false, wanted(ReminderState::cancelled, due)));
    CHECK(closes == (state == ReminderState::unknown));
  }
}

TEST_CASE("a claimed reminder that changes is planned again whatever state the planner saw") {
  for (const auto seen : {ReminderState::planned, ReminderState::claimed,
                          ReminderState::retry_wait, ReminderState::in_flight}) {
    const auto result = merged(reminder_in(ReminderState::claimed), false, wanted(seen, due));
    REQUIRE(result);
    CHECK(result->state == ReminderState::planned);
  }
}

TEST_CASE("a claimed reminder that is in doubt can only be closed") {
  const auto claimed = reminder_in(ReminderState::claimed);
  CHECK_FALSE(merged(claimed, true, wanted(ReminderState::planned, later)));
  CHECK(merged(claimed, true, wanted(ReminderState::cancelled, due))->state ==
        ReminderState::cancelled);
}

TEST_CASE("a waiting retry keeps its wait unless the date moves") {
  auto waiting = reminder_in(ReminderState::retry_wait);
  waiting.next_at = due + std::chrono::hours{1};
  const auto same = merged(waiting, false, wanted(ReminderState::retry_wait, due));
  CHECK(same->state == ReminderState::retry_wait);
  CHECK(same->next_at == waiting.next_at);
  const auto moved = merged(waiting, false, wanted(ReminderState::retry_wait, later));
  CHECK(moved->state == ReminderState::planned);
  CHECK(moved->next_at == later);
}

TEST_CASE("no reminder acts before it is due") {
  auto early = wanted(ReminderState::planned, later);
  early.next_at = due;
  CHECK(as_inserted(early).next_at == later);
  CHECK(merged(reminder_in(ReminderState::planned), false, early)->next_at == later);
}
