// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "conformance/samples.hpp"

using namespace conformance;

namespace {

Reminder scheduled(const store::Citizen& citizen, const std::string& stage, Instant due) {
  auto reminder = sample_reminder(citizen, stage, due);
  reminder.deadline.reset();
  reminder.statutory = false;
  reminder.misfire = Misfire::fire_now;
  return reminder;
}

}  // namespace

TEST_CASE("citizens are found by many references at once in their order") {
  World w;
  auto transaction = w.begin();
  auto other = sample_citizen(w.store, w.tenant.id, "B-1");
  other.id = CitizenId::random(w.shard());
  transaction->create_citizen(other);
  const std::vector<std::string> references{"nobody", "A-1", "A-1", "with \"quotes\" and \\"};
  const std::vector<std::optional<CitizenId>> expected{std::nullopt, w.citizen.id, w.citizen.id,
                                                       std::nullopt};
  CHECK(transaction->find_citizens(references) == expected);
  CHECK(transaction->find_citizens({}).empty());
}

TEST_CASE("scheduled reminders are stored whole and read back by their ids") {
  World w;
  auto odd = scheduled(w.citizen, "with \"quotes\", {braces} and \\", at("2027-05-01T00:00:00.123456Z"));
  odd.channels = {Channel::sms, Channel::email};
  odd.due_on = day("2027-05-02");
  odd.expires_at = at("2027-06-01T00:00:00Z");
  auto plain = scheduled(w.citizen, "", at("2026-12-24T12:00:00Z"));
  plain.channels.clear();
  plain.due_on.reset();
  plain.expires_at.reset();
  const std::vector reminders{odd, plain};
  auto transaction = w.begin();
  transaction->schedule(reminders);
  transaction->commit();
  CHECK(describe(w.read(odd.id)) == describe(odd));
  CHECK(describe(w.read(plain.id)) == describe(plain));
  transaction = w.begin();
  const std::vector ids{plain.id, ReminderId::random(w.shard()), odd.id};
  CHECK(transaction->reminders(ids).size() == 2);
  CHECK(transaction->reminders(std::span<const ReminderId>()).empty());
}

TEST_CASE("a scheduled reminder that is not committed is nowhere") {
  World w;
  const auto reminder = scheduled(w.citizen, "once", noon);
  {
    auto transaction = w.begin();
    transaction->schedule({&reminder, 1});
    CHECK(transaction->reminders({&reminder.id, 1}).size() == 1);
  }
  CHECK_FALSE(w.store.read_reminder(w.tenant.id, reminder.id));
}

TEST_CASE("a scheduled reminder comes into the horizon and can be claimed") {
  World w;
  const auto reminder = scheduled(w.citizen, "once", noon);
  auto transaction = w.begin();
  transaction->schedule({&reminder, 1});
  transaction->commit();
  const auto due = w.store.horizon(w.shard(), Instant::min(), noon, 10);
  REQUIRE(due.size() == 1);
  CHECK(due.front().id == reminder.id.bytes());
  const auto fence = w.lease();
  CHECK(w.claim_one(fence, reminder.id, noon).reminder.attempt == 1);
}

TEST_CASE("what waits is counted for each citizen and what has come to its end is not") {
  World w;
  std::vector<Reminder> reminders;
  for (int i = 0; i < 3; ++i)
    reminders.push_back(scheduled(w.citizen, std::to_string(i), noon + std::chrono::days{40 * i}));
  auto transaction = w.begin();
  transaction->schedule(reminders);
  reminders[0].state = ReminderState::cancelled;
  transaction->upsert(std::span<const Reminder>(reminders.data(), 1));
  const std::vector ids{CitizenId::random(w.shard()), w.citizen.id};
  CHECK(transaction->waiting(ids) == std::vector<std::size_t>{0, 2});
  CHECK(transaction->waiting({}).empty());
}
