// SPDX-License-Identifier: Apache-2.0
#include "conformance/samples.hpp"

using namespace conformance;
using std::chrono::days;
using std::chrono::hours;

TEST_CASE("the horizon lists waiting work in order and within its bounds") {
  World w;
  const auto second = w.plan("second", noon + hours{2});
  const auto first = w.plan("first", noon + hours{1});
  w.plan("far", noon + days{400});
  auto done = sample_reminder(w.citizen, "done", noon);
  done.state = ReminderState::delivered;
  w.plan({done});
  w.citizen.reevaluate_at = noon + hours{3};
  auto transaction = w.begin();
  transaction->save_citizen(w.citizen);
  transaction->commit();

  const auto works = w.store.horizon(w.shard(), Instant::min(), noon + days{1}, 10);
  REQUIRE(works.size() == 3);
  CHECK(works[0].id == first.id.bytes());
  CHECK(works[0].kind == store::WorkKind::remind);
  CHECK(works[0].tenant == w.tenant.id);
  CHECK(works[0].at == noon + hours{1});
  CHECK(works[1].id == second.id.bytes());
  CHECK(works[2].id == w.citizen.id.bytes());
  CHECK(works[2].kind == store::WorkKind::reevaluate);
  CHECK(w.store.horizon(w.shard(), Instant::min(), noon + days{1}, 2).size() == 2);
  CHECK(w.store.horizon(w.shard(), noon + hours{1}, noon + hours{2}, 10).size() == 1);
  CHECK(w.store.horizon(w.shard(), noon + hours{3}, noon + days{1}, 10).empty());
}

TEST_CASE("the horizon says how urgent each work is and what the law demands is most urgent") {
  World w;
  auto advice = sample_reminder(w.citizen, "advice", noon);
  advice.lane = Lane::advice;
  advice.statutory = false;
  auto legal = sample_reminder(w.citizen, "legal", noon + hours{1});
  legal.lane = Lane::legal_deadline;
  legal.statutory = false;
  auto statutory = sample_reminder(w.citizen, "statutory", noon + hours{2});
  statutory.lane = Lane::advice;
  statutory.statutory = true;
  w.plan({advice, legal, statutory});
  w.citizen.reevaluate_at = noon + hours{3};
  auto transaction = w.begin();
  transaction->save_citizen(w.citizen);
  transaction->commit();
  const auto works = w.store.horizon(w.shard(), Instant::min(), noon + days{1}, 10);
  REQUIRE(works.size() == 4);
  CHECK(works[0].lane == Lane::advice);
  CHECK(works[1].lane == Lane::legal_deadline);
  CHECK(works[2].lane == Lane::legal_deadline);
  CHECK(works[3].lane == Lane::transactional);
}

TEST_CASE("a claim takes what is due with its citizen and deadline and takes it once") {
  World w;
  const auto deadline = sample_deadline(w.citizen);
  w.plan(deadline);
  auto reminder = sample_reminder(w.citizen, "J-30", noon);
  reminder.deadline = deadline.id;
  w.plan({reminder});
  const auto later = w.plan("later", noon + hours{1});
  const auto fence = w.lease();
  const std::vector ids{reminder.id, later.id, ReminderId::random(w.shard()), reminder.id};
  const auto claimed = w.store.claim(fence, ids, noon);
  REQUIRE(claimed.size() == 1);
  reminder.state = ReminderState::claimed;
  reminder.attempt = 1;
  CHECK(describe(claimed[0].reminder) == describe(reminder));
  CHECK(describe(w.read(reminder.id)) == describe(reminder));
  CHECK(describe(claimed[0].citizen) == describe(w.citizen));
  REQUIRE(claimed[0].deadline);
  CHECK(describe(*claimed[0].deadline) == describe(deadline));
  CHECK(claimed[0].tenant == w.tenant.id);
  CHECK_FALSE(claimed[0].outcome_unknown);
  CHECK(w.store.claim(fence, ids, noon).empty());
}

TEST_CASE("one claim serves the reminders of several tenants") {
  World w;
  const auto other = sample_tenant("caf");
  REQUIRE(w.store.create_tenant(other));
  auto stranger = sample_citizen(w.store, other.id, "B-1");
  stranger.id = CitizenId::random(w.shard());
  auto transaction = w.store.begin(w.shard(), other.id, noon);
  transaction->create_citizen(stranger);
  const auto theirs = sample_reminder(stranger, "J-1", noon);
  transaction->upsert(std::span<const Reminder>(&theirs, 1));
  transaction->commit();
  const auto ours = w.plan("J-1", noon);
  const std::vector ids{ours.id, theirs.id};
  const auto claimed = w.store.claim(w.lease(), ids, noon);
  REQUIRE(claimed.size() == 2);
  for (const auto& each : claimed) CHECK(each.citizen.tenant == each.tenant);
}

TEST_CASE("a message is delivered with its delivery and inbox and task and event") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  const auto fence = w.lease();
  const auto claimed = w.claim_one(fence, reminder.id, noon);
  REQUIRE(w.fly(fence, claimed));
  CHECK(w.read(reminder.id).state == ReminderState::in_flight);
  const auto begun = w.store.read_delivery(w.tenant.id, delivery_id_of(reminder.id, 0)).value();
  CHECK(describe(begun) == describe(sample_delivery(claimed.reminder)));

  auto settlement = settlement_of(claimed, ReminderState::delivered);
  settlement.channel_index = 1;
  settlement.delivery = sample_delivery(claimed.reminder);
  settlement.delivery->state = DeliveryState::delivered;
  settlement.delivery->provider_id = "<42@provider>";
  settlement.delivery->result = "delivered";
  settlement.delivery->detail = "250 ok";
  settlement.delivery->finished_at = noon + hours{1};
  settlement.inbox = sample_inbox(reminder);
  settlement.task = sample_task(reminder);
  settlement.event = sample_event(w.citizen, "message.delivered");
  CHECK(w.store.settle(fence, std::vector{settlement}, noon) == std::vector{reminder.id});

  const auto stored = w.read(reminder.id);
  CHECK(stored.state == ReminderState::delivered);
  CHECK(stored.state_reason == "because");
  CHECK(stored.channel_index == 1);
  const auto deliveries = w.store.read_deliveries(w.tenant.id, reminder.id);
  REQUIRE(deliveries.size() == 1);
  CHECK(describe(deliveries[0]) == describe(*settlement.delivery));
  const auto inbox = w.store.read_inbox(w.tenant.id, w.citizen.id, {}).items;
  REQUIRE(inbox.size() == 1);
  CHECK(describe(inbox[0]) == describe(*settlement.inbox));
  CHECK(w.store.read_tasks(w.tenant.id, {}).items.size() == 1);
  const auto events = w.store.read_events(w.tenant.id, w.citizen.id, {}).items;
  REQUIRE(events.size() == 1);
  CHECK(events[0].type == "message.delivered");
  CHECK(events[0].position == 1);
  CHECK(w.store.read_citizen(w.tenant.id, w.citizen.id)->version == 1);
}

TEST_CASE("an outcome that changes what is planned marks its citizen for re-evaluation with it") {
  World w;
  for (const bool marks : {false, true}) {
    CAPTURE(marks);
    const auto reminder = w.plan(marks ? "J-7" : "J-30", noon);
    const auto fence = w.lease();
    const auto claimed = w.claim_one(fence, reminder.id, noon);
    REQUIRE(w.fly(fence, claimed));
    auto settlement = settlement_of(claimed, ReminderState::failed);
    settlement.event = sample_event(w.citizen, "contact.failed");
    settlement.reevaluate = marks;
    const auto later = noon + std::chrono::seconds{1};
    REQUIRE(w.store.settle(fence, std::vector{settlement}, later).size() == 1);
    bool marked = false;
    for (const auto& work : w.store.horizon(w.shard(), Instant::min(), later, 10))
      marked = marked || (work.kind == store::WorkKind::reevaluate && work.at == later &&
                          CitizenId{work.id} == w.citizen.id);
    CHECK(marked == marks);
  }
}

TEST_CASE("an outcome is written once") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  const auto fence = w.lease();
  const auto claimed = w.claim_one(fence, reminder.id, noon);
  REQUIRE(w.fly(fence, claimed));
  auto settlement = settlement_of(claimed, ReminderState::sent);
  settlement.event = sample_event(w.citizen);
  CHECK(w.store.settle(fence, std::vector{settlement, settlement}, noon).size() == 1);
  CHECK(w.store.settle(fence, std::vector{settlement}, noon).empty());
  CHECK(w.store.check_contiguity(w.shard()) == 1);
}

TEST_CASE("the events of one batch of outcomes follow each other without a gap") {
  World w;
  std::vector<ReminderId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(w.plan("stage " + std::to_string(i), noon).id);
  const auto fence = w.lease();
  std::vector<store::Settlement> settlements;
  for (const auto& claimed : w.store.claim(fence, ids, noon)) {
    settlements.push_back(settlement_of(claimed, ReminderState::suppressed));
    settlements.back().event = sample_event(w.citizen);
  }
  CHECK(w.store.settle(fence, settlements, noon).size() == 5);
  CHECK(w.store.check_contiguity(w.shard()) == 5);
  CHECK(w.store.read_events(w.tenant.id, w.citizen.id, {}).items.at(4).version == 5);
}

TEST_CASE("what must be tried later waits for its instant and keeps its place on the ladder") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  const auto fence = w.lease();
  const auto claimed = w.claim_one(fence, reminder.id, noon);
  REQUIRE(w.fly(fence, claimed));
  auto settlement = settlement_of(claimed, ReminderState::retry_wait);
  settlement.next_at = noon + hours{1};
  settlement.channel_index = 1;
  REQUIRE(w.store.settle(fence, std::vector{settlement}, noon).size() == 1);
  CHECK(w.store.claim(fence, std::vector{reminder.id}, noon).empty());
  const auto works = w.store.horizon(w.shard(), Instant::min(), noon + hours{1}, 10);
  REQUIRE(works.size() == 1);
  CHECK(works[0].kind == store::WorkKind::retry);
  CHECK(works[0].attempt == 1);
  // Planning again without a new date does not shorten the wait.
  w.plan({reminder});
  CHECK(w.read(reminder.id).next_at == noon + hours{1});
  const auto again = w.claim_one(fence, reminder.id, noon + hours{1});
  CHECK(again.reminder.attempt == 2);
  CHECK(again.reminder.channel_index == 1);
}

TEST_CASE("a second attempt of a series keeps one delivery and the provider's name for it") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  const auto fence = w.lease();
  const auto claimed = w.claim_one(fence, reminder.id, noon);
  REQUIRE(w.fly(fence, claimed));
  auto settlement = settlement_of(claimed, ReminderState::unknown);
  settlement.next_at = noon;
  settlement.delivery = sample_delivery(claimed.reminder);
  settlement.delivery->state = DeliveryState::unknown;
  settlement.delivery->provider_id = "p-1";
  REQUIRE(w.store.settle(fence, std::vector{settlement}, noon).size() == 1);
  const auto again = w.claim_one(fence, reminder.id, noon);
  CHECK(again.outcome_unknown);
  REQUIRE(w.fly(fence, again));
  const auto deliveries = w.store.read_deliveries(w.tenant.id, reminder.id);
  REQUIRE(deliveries.size() == 1);
  CHECK(deliveries[0].attempt == 2);
  CHECK(deliveries[0].state == DeliveryState::in_flight);
  CHECK(deliveries[0].provider_id == "p-1");
}

TEST_CASE("a claim brings the series begun so far with the way each has taken") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  const auto fence = w.lease();
  const auto claimed = w.claim_one(fence, reminder.id, noon);
  CHECK(claimed.series.empty());
  REQUIRE(w.fly(fence, claimed));
  auto settlement = settlement_of(claimed, ReminderState::retry_wait);
  settlement.next_at = noon;
  settlement.channel_index = 1;
  settlement.delivery = sample_delivery(claimed.reminder);
  settlement.delivery->state = DeliveryState::failed;
  REQUIRE(w.store.settle(fence, std::vector{settlement}, noon).size() == 1);
  const auto other = w.plan("J-7", noon);
  const std::vector ids{reminder.id, other.id};
  for (const auto& again : w.store.claim(fence, ids, noon)) {
    if (again.reminder.id == other.id) {
      CHECK(again.series.empty());
    } else {
      REQUIRE(again.series.size() == 1);
      CHECK(describe(again.series[0]) == describe(*settlement.delivery));
    }
    CHECK(again.readable);
  }
}

TEST_CASE("a recovery makes a delivery in flight unknown and leaves one that has ended alone") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  const auto fence = w.lease();
  const auto claimed = w.claim_one(fence, reminder.id, noon);
  REQUIRE(w.fly(fence, claimed));
  auto settlement = settlement_of(claimed, ReminderState::retry_wait);
  settlement.next_at = noon;
  settlement.channel_index = 1;
  settlement.delivery = sample_delivery(claimed.reminder);
  settlement.delivery->state = DeliveryState::failed;
  REQUIRE(w.store.settle(fence, std::vector{settlement}, noon).size() == 1);
  const auto again = w.claim_one(fence, reminder.id, noon);
  const auto second = sample_delivery(again.reminder, 1);
  const std::vector flights{store::Flight{w.tenant.id, second, again.reminder.attempt, 1}};
  REQUIRE(w.store.begin_flight(fence, flights, noon).size() == 1);
  CHECK(w.store.recover(fence, noon).unknown == 1);
  CHECK(w.store.read_delivery(w.tenant.id, delivery_id_of(reminder.id, 0))->state ==
        DeliveryState::failed);
  CHECK(w.store.read_delivery(w.tenant.id, second.id)->state == DeliveryState::unknown);
}

TEST_CASE("a reminder cancelled between claim and flight does not leave") {
  World w;
  auto reminder = w.plan("J-30", noon);
  const auto kept = w.plan("J-7", noon);
  const auto fence = w.lease();
  const auto claimed = w.claim_one(fence, reminder.id, noon);
  const auto claimed_kept = w.claim_one(fence, kept.id, noon);
  reminder.state = ReminderState::cancelled;
  reminder.state_reason = "withdrawn";
  w.plan({reminder});
  CHECK_FALSE(w.fly(fence, claimed));
  CHECK(w.fly(fence, claimed_kept));
  CHECK(w.store.settle(fence, std::vector{settlement_of(claimed, ReminderState::sent)}, noon)
            .empty());
  const auto stored = w.read(reminder.id);
  CHECK(stored.state == ReminderState::cancelled);
  CHECK(stored.state_reason == "withdrawn");
  CHECK_FALSE(w.store.read_delivery(w.tenant.id, delivery_id_of(reminder.id, 0)));
}

TEST_CASE("a reminder re-dated or re-worded between claim and flight does not leave") {
  World w;
  auto dated = w.plan("J-30", noon);
  auto worded = w.plan("J-7", noon);
  const auto fence = w.lease();
  const auto first = w.claim_one(fence, dated.id, noon);
  const auto second = w.claim_one(fence, worded.id, noon);
  dated.due_at = dated.next_at = noon + days{60};
  worded.values = {{"office", "elsewhere"}};
  w.plan({dated, worded});
  CHECK_FALSE(w.fly(fence, first));
  CHECK_FALSE(w.fly(fence, second));
  CHECK(w.store.claim(fence, std::vector{dated.id}, noon).empty());
  CHECK(w.claim_one(fence, worded.id, noon).reminder.attempt == 2);
}

TEST_CASE("what is in flight can be neither cancelled nor re-dated") {
  World w;
  auto reminder = w.plan("J-30", noon);
  const auto fence = w.lease();
  const auto claimed = w.claim_one(fence, reminder.id, noon);
  REQUIRE(w.fly(fence, claimed));
  reminder.state = ReminderState::cancelled;
  w.plan({reminder});
  reminder.state = ReminderState::planned;
  reminder.due_at = reminder.next_at = noon + days{90};
  w.plan({reminder});
  CHECK(w.read(reminder.id).state == ReminderState::in_flight);
  CHECK(w.store.settle(fence, std::vector{settlement_of(claimed, ReminderState::sent)}, noon)
            .size() == 1);
}

TEST_CASE("a reminder of unknown outcome can be closed and cannot be planned anew") {
  World w;
  auto reminder = w.plan("J-30", noon);
  const auto fence = w.lease();
  REQUIRE(w.fly(fence, w.claim_one(fence, reminder.id, noon)));
  CHECK(w.store.recover(fence, noon).unknown == 1);
  reminder.due_at = reminder.next_at = noon + days{90};
  w.plan({reminder});
  CHECK(w.read(reminder.id).state == ReminderState::unknown);
  reminder.state = ReminderState::cancelled;
  w.plan({reminder});
  CHECK(w.read(reminder.id).state == ReminderState::cancelled);
}

TEST_CASE("the deliveries of a re-dated reminder follow it") {
  World w;
  auto reminder = w.plan("J-30", noon);
  const auto fence = w.lease();
  const auto claimed = w.claim_one(fence, reminder.id, noon);
  REQUIRE(w.fly(fence, claimed));
  auto settlement = settlement_of(claimed, ReminderState::retry_wait);
  settlement.next_at = noon + hours{1};
  REQUIRE(w.store.settle(fence, std::vector{settlement}, noon).size() == 1);
  reminder.due_at = reminder.next_at = noon + days{90};
  w.plan({reminder});
  const auto again = w.claim_one(fence, reminder.id, noon + days{90});
  REQUIRE(w.fly(fence, again));
  const auto deliveries = w.store.read_deliveries(w.tenant.id, reminder.id);
  REQUIRE(deliveries.size() == 1);
  CHECK(deliveries[0].due_at == reminder.due_at);
  CHECK(deliveries[0].attempt == 2);
}

TEST_CASE("an attempt that is not the row's own changes nothing") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  const auto fence = w.lease();
  auto claimed = w.claim_one(fence, reminder.id, noon);
  claimed.reminder.attempt = 7;
  CHECK_FALSE(w.fly(fence, claimed));
  CHECK(w.store.settle(fence, std::vector{settlement_of(claimed, ReminderState::sent)}, noon)
            .empty());
  CHECK(w.read(reminder.id).state == ReminderState::claimed);
}

TEST_CASE("empty batches are answered with nothing") {
  World w;
  const auto fence = w.lease();
  CHECK(w.store.claim(fence, {}, noon).empty());
  CHECK(w.store.begin_flight(fence, {}, noon).empty());
  CHECK(w.store.settle(fence, {}, noon).empty());
  CHECK(w.store.acquire(w.node, {}, {}, hours{1}).empty());
  w.begin()->append({});
}
