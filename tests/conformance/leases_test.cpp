// SPDX-License-Identifier: Apache-2.0
#include "conformance/samples.hpp"

using namespace conformance;
using std::chrono::milliseconds;
using std::chrono::minutes;

namespace {

std::vector<Lease> acquire(World& w, NodeId node, std::vector<Lease> held, milliseconds ttl) {
  const std::vector wanted{w.shard()};
  return w.store.acquire(node, held, wanted, ttl);
}

}  // namespace

TEST_CASE("a free shard is taken and a taken one is not") {
  World w;
  const auto first = acquire(w, w.node, {}, minutes{1});
  REQUIRE(first.size() == 1);
  CHECK(first[0].shard == w.shard());
  CHECK(acquire(w, NodeId::random(), {}, minutes{1}).empty());
}

TEST_CASE("a renewal keeps the epoch and moves the end") {
  World w;
  const auto first = acquire(w, w.node, {}, minutes{1});
  const auto renewed = acquire(w, w.node, first, minutes{5});
  REQUIRE(renewed.size() == 1);
  CHECK(renewed[0].epoch == first[0].epoch);
  CHECK(renewed[0].expires_at > first[0].expires_at);
}

TEST_CASE("a node that returns without its lease takes its shard under a new epoch") {
  World w;
  const auto first = acquire(w, w.node, {}, minutes{1});
  const auto second = acquire(w, w.node, {}, minutes{1});
  REQUIRE(second.size() == 1);
  CHECK(second[0].epoch > first[0].epoch);
}

TEST_CASE("an expired lease is taken over under a new epoch and cannot be renewed after") {
  World w;
  const auto old = acquire(w, w.node, {}, milliseconds{0});
  const auto taken = acquire(w, NodeId::random(), {}, minutes{1});
  REQUIRE(taken.size() == 1);
  CHECK(taken[0].epoch > old[0].epoch);
  CHECK(acquire(w, w.node, old, minutes{1}).empty());
}

TEST_CASE("a shard taken from a node that let it end is told from one that was given back") {
  World w;
  const auto old = acquire(w, w.node, {}, milliseconds{0});
  CHECK_FALSE(old.at(0).taken_over);
  const auto other = NodeId::random();
  const auto taken = acquire(w, other, {}, minutes{1});
  CHECK(taken.at(0).taken_over);
  CHECK_FALSE(acquire(w, other, taken, minutes{1}).at(0).taken_over);
  w.store.release(other, taken);
  CHECK_FALSE(acquire(w, w.node, {}, minutes{1}).at(0).taken_over);
}

TEST_CASE("an older life of the same node loses its shard and does not get it back by asking") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  const auto old = acquire(w, w.node, {}, minutes{1});
  const auto fresh = acquire(w, w.node, {}, minutes{1});
  REQUIRE(fresh.at(0).epoch > old.at(0).epoch);
  CHECK(acquire(w, w.node, old, minutes{1}).empty());
  w.store.release(w.node, old);
  CHECK(w.store.claim(old[0], std::vector{reminder.id}, noon).empty());
  CHECK(acquire(w, w.node, fresh, minutes{1}).at(0).epoch == fresh[0].epoch);
  CHECK(w.store.claim(fresh[0], std::vector{reminder.id}, noon).size() == 1);
}

TEST_CASE("an ended row that nobody has overwritten is taken only under a new epoch") {
  World w;
  const auto ended = acquire(w, w.node, {}, milliseconds{0}).at(0).epoch;
  const auto again = acquire(w, w.node, {}, milliseconds{0}).at(0).epoch;
  const auto other = acquire(w, NodeId::random(), {}, milliseconds{0}).at(0).epoch;
  CHECK(ended < again);
  CHECK(again < other);
  CHECK(acquire(w, w.node, {Lease{w.shard(), again}}, minutes{1}).empty());
}

TEST_CASE("what is held is renewed without being wanted and nothing else is taken") {
  World w;
  const auto held = acquire(w, w.node, {}, minutes{1});
  const auto renewed = w.store.acquire(w.node, held, {}, minutes{5});
  REQUIRE(renewed.size() == 1);
  CHECK(renewed[0].epoch == held[0].epoch);
  CHECK(renewed[0].expires_at > held[0].expires_at);
}

TEST_CASE("an expired lease that nobody took is renewed under its epoch") {
  World w;
  const auto old = acquire(w, w.node, {}, milliseconds{0});
  CHECK(acquire(w, w.node, old, minutes{1}).at(0).epoch == old[0].epoch);
}

TEST_CASE("a released shard is free at once and its old epoch writes no more") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  const auto old = acquire(w, w.node, {}, minutes{1});
  w.store.release(NodeId::random(), old);
  CHECK(acquire(w, NodeId::random(), {}, minutes{1}).empty());
  w.store.release(w.node, old);
  CHECK(w.store.claim(old[0], std::vector{reminder.id}, noon).empty());
  CHECK(acquire(w, NodeId::random(), {}, minutes{1}).at(0).epoch > old[0].epoch);
}

TEST_CASE("all shards can be taken at once") {
  World w;
  std::vector<Shard> all;
  for (int i = 0; i < shard_count; ++i) all.push_back(Shard{std::uint8_t(i)});
  const auto leases = w.store.acquire(w.node, {}, all, minutes{1});
  CHECK(leases.size() == 256);
  CHECK(w.store.acquire(w.node, leases, all, minutes{1}).size() == 256);
  CHECK(w.store.acquire(NodeId::random(), {}, all, minutes{1}).empty());
}

TEST_CASE("a stale fence changes nothing in claim and flight and outcome and recovery") {
  World w;
  const auto waiting = w.plan("waiting", noon);
  const auto taken = w.plan("taken", noon);
  const auto stale = w.lease();
  const auto claimed = w.claim_one(stale, taken.id, noon);
  const auto flown = w.claim_one(stale, w.plan("flown", noon).id, noon);
  REQUIRE(w.fly(stale, flown));
  const auto fresh = w.lease();
  CHECK(fresh.epoch > stale.epoch);
  const auto before = describe(w.read(taken.id)) + describe(w.read(flown.reminder.id));

  CHECK(w.store.claim(stale, std::vector{waiting.id}, noon).empty());
  CHECK_FALSE(w.fly(stale, claimed));
  auto settlement = settlement_of(flown, ReminderState::sent);
  settlement.event = sample_event(w.citizen);
  settlement.task = sample_task(waiting);
  settlement.inbox = sample_inbox(waiting);
  CHECK(w.store.settle(stale, std::vector{settlement}, noon).empty());
  const auto recovered = w.store.recover(stale, noon);
  CHECK(recovered.returned + recovered.unknown == 0);

  CHECK(w.read(waiting.id).state == ReminderState::planned);
  CHECK(describe(w.read(taken.id)) + describe(w.read(flown.reminder.id)) == before);
  CHECK(w.store.check_contiguity(w.shard()) == 0);
  CHECK(w.store.read_tasks(w.tenant.id, {}).items.empty());
  CHECK(w.store.read_inbox(w.tenant.id, w.citizen.id, {}).items.empty());
}

TEST_CASE("recovery returns what had not left and doubts what was in flight") {
  World w;
  const auto claimed = w.plan("claimed", noon);
  const auto flown = w.plan("flown", noon);
  const auto planned = w.plan("planned", noon + minutes{1});
  const auto old = w.lease();
  (void)w.claim_one(old, claimed.id, noon);
  REQUIRE(w.fly(old, w.claim_one(old, flown.id, noon)));

  const auto now = noon + minutes{9};
  const auto fence = w.lease();
  const auto recovered = w.store.recover(fence, now);
  CHECK(recovered.returned == 1);
  CHECK(recovered.unknown == 1);
  CHECK(w.read(claimed.id).state == ReminderState::planned);
  CHECK(w.read(claimed.id).next_at == now);
  CHECK(w.read(flown.id).state == ReminderState::unknown);
  CHECK(w.read(flown.id).next_at == now);
  CHECK(w.read(planned.id).next_at == planned.next_at);
  CHECK(w.store.recover(fence, now).returned == 0);
  CHECK_FALSE(w.claim_one(fence, claimed.id, now).outcome_unknown);
  CHECK(w.claim_one(fence, flown.id, now).outcome_unknown);
}

TEST_CASE("an outcome that comes after a recovery ends the doubt and one of an older attempt does not") {
  World w;
  const auto reminder = w.plan("late", noon);
  const auto claimed = w.claim_one(w.lease(), reminder.id, noon);
  const auto fence = w.lease();
  REQUIRE(w.fly(fence, claimed));
  CHECK(w.store.recover(fence, noon).unknown == 1);
  auto old = settlement_of(claimed, ReminderState::failed);
  old.attempt = claimed.reminder.attempt - 1;
  CHECK(w.store.settle(fence, std::vector{old}, noon).empty());
  CHECK(w.store.settle(fence, std::vector{settlement_of(claimed, ReminderState::sent)}, noon).size() == 1);
  CHECK(w.read(reminder.id).state == ReminderState::sent);
}

TEST_CASE("a doubt survives a crash between claim and flight") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  auto fence = w.lease();
  REQUIRE(w.fly(fence, w.claim_one(fence, reminder.id, noon)));
  fence = w.lease();
  CHECK(w.store.recover(fence, noon).unknown == 1);
  CHECK(w.claim_one(fence, reminder.id, noon).outcome_unknown);
  fence = w.lease();
  const auto recovered = w.store.recover(fence, noon);
  CHECK(recovered.returned == 0);
  CHECK(recovered.unknown == 1);
  CHECK(w.claim_one(fence, reminder.id, noon).outcome_unknown);
}
