// SPDX-License-Identifier: Apache-2.0
#include "reminder/states.hpp"

#include <doctest/doctest.h>

#include <set>
#include <vector>

#include "reminder/reminder.hpp"

using namespace rappel;

TEST_CASE("every state has a name that reads back as itself") {
  for (const auto state : all_reminder_states()) CHECK(parse_reminder_state(to_string(state)) == state);
  for (const auto state : all_deadline_states()) CHECK(parse_deadline_state(to_string(state)) == state);
  CHECK_FALSE(parse_reminder_state("snoozed"));
}

TEST_CASE("every reminder state can be reached from planned") {
  std::set<ReminderState> reached{ReminderState::planned};
  std::vector<ReminderState> todo{ReminderState::planned};
  while (!todo.empty()) {
    const auto from = todo.back();
    todo.pop_back();
    for (const auto to : all_reminder_states()) {
      if (may_become(from, to) && reached.insert(to).second) todo.push_back(to);
    }
  }
  CHECK(reached.size() == all_reminder_states().size());
}

TEST_CASE("every reminder can still come to an end") {
  for (const auto state : all_reminder_states()) {
    std::set<ReminderState> reached{state};
    std::vector<ReminderState> todo{state};
    bool ends = false;
    while (!todo.empty() && !ends) {
      const auto from = todo.back();
      todo.pop_back();
      ends = is_final(from);
      for (const auto to : all_reminder_states()) {
        if (may_become(from, to) && reached.insert(to).second) todo.push_back(to);
      }
    }
    CHECK(ends);
  }
}

TEST_CASE("what is in flight can be neither cancelled nor planned again") {
  CHECK_FALSE(may_become(ReminderState::in_flight, ReminderState::cancelled));
  CHECK_FALSE(may_become(ReminderState::in_flight, ReminderState::planned));
  CHECK_FALSE(is_pending(ReminderState::in_flight));
}

TEST_CASE("a doubt is taken up again and what waits for another try may be planned for another day") {
  CHECK(may_become(ReminderState::unknown, ReminderState::claimed));
  CHECK(may_become(ReminderState::retry_wait, ReminderState::planned));
  CHECK_FALSE(may_become(ReminderState::unknown, ReminderState::planned));
}

TEST_CASE("a final state lets nothing happen any more") {
  for (const auto final_state : {ReminderState::delivered, ReminderState::cancelled,
                                 ReminderState::expired, ReminderState::suppressed,
                                 ReminderState::dead, ReminderState::failed}) {
    CHECK(is_final(final_state));
  }
  CHECK_FALSE(is_final(ReminderState::sent));
  CHECK_FALSE(is_final(ReminderState::unknown));
}

TEST_CASE("a reminder id is found again by its deadline and stage and date") {
  const auto citizen = CitizenId::random(Shard{9});
  const auto deadline = deadline_id_of(citizen, "fr.a", "doc1", "");
  CHECK(deadline.shard() == citizen.shard());
  CHECK(deadline == deadline_id_of(citizen, "fr.a", "doc1", ""));
  CHECK(deadline != deadline_id_of(citizen, "fr.a", "doc2", ""));
  const CivilDate date{std::chrono::year{2027}, std::chrono::month{5}, std::chrono::day{1}};
  CHECK(reminder_id_of(deadline, "J-30", date) == reminder_id_of(deadline, "J-30", date));
  CHECK(reminder_id_of(deadline, "J-30", date) != reminder_id_of(deadline, "J-7", date));
}
