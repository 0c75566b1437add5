// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "dispatch/rig.hpp"

using namespace rappel;
using namespace rappel::dispatch;
using namespace rappel::dispatch::tests;

TEST_CASE("a message leaves only once it is written down as in flight") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  REQUIRE(w.carrier.sent.size() == 1);
  CHECK(w.read(reminder).state == ReminderState::in_flight);
  CHECK(w.carrier.sent[0].to == "anna@example.org");
  CHECK(w.carrier.sent[0].text.find("02 99 00 00 00") != std::string::npos);
  w.carrier.answer(0, ResultClass::accepted);
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::sent);
  CHECK(w.dispatcher->idle());
  CHECK(w.done.size() == 1);
}

TEST_CASE("what was cancelled before it is taken is not sent") {
  World w(with_mail_and_sms);
  auto reminder = w.plan({Channel::email});
  reminder.state = ReminderState::cancelled;
  w.write([&](store::Transaction& t) { t.upsert(std::span<const Reminder>(&reminder, 1)); });
  w.take(reminder);
  CHECK(w.carrier.sent.empty());
  CHECK(w.done.size() == 1);
}

TEST_CASE("what is cancelled while it waits for room is not sent") {
  World w(with_mail_and_sms);
  w.carrier.room = 0;
  auto reminder = w.plan({Channel::email});
  w.take(reminder);
  CHECK(w.read(reminder).state == ReminderState::claimed);
  reminder.state = ReminderState::cancelled;
  w.write([&](store::Transaction& t) { t.upsert(std::span<const Reminder>(&reminder, 1)); });
  w.carrier.room = 5;
  w.loop.post([&] { w.dispatcher->sender_ready("mail"); });
  w.settle();
  CHECK(w.carrier.sent.empty());
  CHECK(w.dispatcher->idle());
}

TEST_CASE("a message without room waits as claimed and leaves when there is some") {
  World w(with_mail_and_sms);
  w.carrier.room = 1;
  const auto first = w.plan({Channel::email});
  const auto second = w.plan({Channel::email});
  w.take(first);
  w.take(second);
  CHECK(w.carrier.sent.size() == 1);
  CHECK(w.read(second).state == ReminderState::claimed);
  w.carrier.room = 1;
  w.carrier.answer(0, ResultClass::accepted);
  w.settle();
  CHECK(w.carrier.sent.size() == 2);
}

TEST_CASE("what waits for room goes back when its shard goes to another node and other shards wait on") {
  World w(with_mail_and_sms);
  w.carrier.room = 0;
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  REQUIRE(w.read(reminder).state == ReminderState::claimed);
  w.dispatcher->give_back_waiting(store::ShardSet{}.set().reset(shard.number));
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::claimed);
  w.dispatcher->give_back_waiting(store::ShardSet{}.set(shard.number));
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::planned);
  CHECK(w.dispatcher->idle());
  CHECK(w.done.size() == 1);
}

TEST_CASE("an answer to an older attempt changes nothing") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  w.carrier.answer(w.carrier.sent[0].delivery, 99, ResultClass::accepted);
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::in_flight);
}

TEST_CASE("without a sender a reminder waits and nothing is in doubt") {
  World w(with_mail_and_sms);
  w.carrier.is_ready = false;
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  CHECK(w.read(reminder).state == ReminderState::planned);
  REQUIRE(w.done.size() == 1);
  CHECK(w.done[0].has_value());
}

TEST_CASE("an outcome waits for a lease that is being renewed and is dropped once it is lost") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  w.lease.reset();
  w.carrier.answer(0, ResultClass::accepted);
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::in_flight);
  CHECK(w.dispatcher->status().stale == 0);
  w.loop.run_until(w.loop.now() + minutes{1});
  CHECK(w.dispatcher->status().stale == 1);
  CHECK(w.dispatcher->idle());
}

TEST_CASE("an outcome that waited for its lease is written when it is back") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  w.lease.reset();
  w.carrier.answer(0, ResultClass::accepted);
  w.settle();
  w.lease = w.fence;
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::sent);
}

TEST_CASE("what waits for room while the lease is in doubt goes back and is not stuck") {
  World w(with_mail_and_sms);
  w.carrier.room = 0;
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  REQUIRE(w.read(reminder).state == ReminderState::claimed);
  w.lease.reset();
  w.carrier.room = 5;
  w.loop.post([&] { w.dispatcher->sender_ready("mail"); });
  w.settle();
  w.lease = w.fence;
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::planned);
  CHECK(w.dispatcher->idle());
}

TEST_CASE("a bad address is folded into the profile at once") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email, Channel::sms});
  w.take(reminder);
  w.carrier.answer(0, ResultClass::bad_address);
  w.settle();
  CHECK(w.reevaluated == 1);
}

TEST_CASE("an expired reminder is not sent and says why") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email}, start + seconds{30});
  w.loop.run_until(start + minutes{2});
  w.take(reminder);
  CHECK(w.carrier.sent.empty());
  CHECK(w.read(reminder).state == ReminderState::expired);
}

TEST_CASE("what the law made us plan and never left in time is told to a human") {
  World w(with_mail_and_sms);
  auto reminder = w.plan({Channel::email}, start + seconds{30});
  reminder.statutory = true;
  w.write([&](store::Transaction& t) { t.upsert(std::span<const Reminder>(&reminder, 1)); });
  const auto advice = w.plan({Channel::email}, start + seconds{30});
  w.loop.run_until(start + minutes{2});
  w.take(advice);
  CHECK(w.store.read_tasks(w.tenant.id, {}).items.empty());
  w.take(reminder);
  CHECK(w.read(reminder).state == ReminderState::expired);
  const auto tasks = w.store.read_tasks(w.tenant.id, {}).items;
  REQUIRE(tasks.size() == 1);
  CHECK(tasks[0].reason == "expired");
}

TEST_CASE("a sender that stays away is looked for less and less often") {
  World w(with_mail_and_sms);
  w.carrier.is_ready = false;
  const auto reminder = w.plan({Channel::email});
  std::vector<std::int64_t> waits;
  for (const auto late : {seconds{0}, seconds{80}, seconds{3'600}}) {
    w.loop.run_until(start + late);
    w.take(w.read(reminder));
    waits.push_back((*w.done.back() - (start + late)) / seconds{1});
  }
  CHECK(waits == std::vector<std::int64_t>{2, 10, 30});
}

TEST_CASE("what was put in flight under a lease that is gone is not handed to a sender") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email});
  w.lease.reset();
  w.take(reminder);
  CHECK(w.carrier.sent.empty());
  w.lease = w.fence;
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::retry_wait);
  CHECK(w.dispatcher->idle());
}

/// PostgreSQL restarts when the outcomes of the stages are written.
class NoSettling final : public store::MemoryStore {
 public:
  using store::MemoryStore::MemoryStore;
  std::vector<ReminderId> settle(const store::Lease&, std::span<const store::Settlement>,
                                 Instant) override {
    throw store::StoreUnavailable("restarting");
  }
};

TEST_CASE("nothing stands in flight when the rest of its batch could not be written") {
  WorldOf<NoSettling> w(R"({"given_name": "Anna", "preferences": {"muted_topics": ["caseworker"]},
              "contacts": [{"channel": "email", "address": "anna@example.org"}]})");
  const auto muted = w.plan({Channel::email});
  auto statutory = w.plan({Channel::email});
  statutory.statutory = true;
  w.write([&](store::Transaction& t) { t.upsert(std::span<const Reminder>(&statutory, 1)); });
  std::vector<store::Work> works;
  for (const Reminder* each : {&muted, static_cast<const Reminder*>(&statutory)})
    works.push_back({store::WorkKind::remind, w.tenant.id, each->id.bytes(), each->next_at, each->attempt, each->lane});
  w.dispatcher->take(w.fence, works);
  w.settle();
  CHECK(w.renounced == 1);
  CHECK(w.carrier.sent.empty());
  CHECK(w.read(statutory).state == ReminderState::claimed);  // recovery gives it back without a doubt
}

TEST_CASE("a muted topic is suppressed but a statutory one is not") {
  World w(R"({"given_name": "Anna", "preferences": {"muted_topics": ["caseworker"]},
              "contacts": [{"channel": "email", "address": "anna@example.org"}]})");
  const auto muted = w.plan({Channel::email});
  w.take(muted);
  CHECK(w.read(muted).state == ReminderState::suppressed);
  CHECK(w.read(muted).state_reason == "topic_muted");
  auto statutory = w.plan({Channel::email});
  statutory.statutory = true;
  w.write([&](store::Transaction& t) { t.upsert(std::span<const Reminder>(&statutory, 1)); });
  w.take(statutory);
  CHECK(w.carrier.sent.size() == 1);
}

TEST_CASE("quiet hours move a reminder to their end on the reader's own clock") {
  // 09:00Z is 05:00 in Martinique.
  World w(R"({"given_name": "Anna", "address": {"lines": ["1 rue"], "postcode": "97200",
              "city": "Fort-de-France", "insee": "97209"},
              "preferences": {"quiet_hours": {"from": "20:00", "to": "08:00"}},
              "contacts": [{"channel": "email", "address": "anna@example.org"}]})");
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  CHECK(w.carrier.sent.empty());
  CHECK(w.read(reminder).state == ReminderState::planned);
  CHECK(to_rfc3339(w.read(reminder).next_at) == "2026-11-24T12:00:00Z");
}

TEST_CASE("a citizen without an address is handed to a human") {
  World w;
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  CHECK(w.read(reminder).state == ReminderState::dead);
  const auto tasks = w.store.read_tasks(w.tenant.id, {}).items;
  REQUIRE(tasks.size() == 1);
  CHECK(tasks[0].reason == "no_usable_channel");
}

TEST_CASE("a delivery in the inbox puts the message there") {
  World w;
  const auto reminder = w.plan({Channel::inapp});
  w.take(reminder);
  w.carrier.answer(0, ResultClass::delivered);
  w.settle();
  const auto inbox = w.store.read_inbox(w.tenant.id, w.citizen.id, {}).items;
  REQUIRE(inbox.size() == 1);
  CHECK(inbox[0].reminder == reminder.id);
}
