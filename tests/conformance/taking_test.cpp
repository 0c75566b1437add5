// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "conformance/samples.hpp"

using namespace conformance;
using store::Store;

namespace {

const store::ClaimedReminder& of(const std::vector<store::ClaimedReminder>& batch, ReminderId id) {
  return *std::find_if(batch.begin(), batch.end(),
                       [&](const auto& claimed) { return claimed.reminder.id == id; });
}

store::Flight flight_of(const store::ClaimedReminder& claimed) {
  return {claimed.tenant, sample_delivery(claimed.reminder), claimed.reminder.attempt};
}

}  // namespace

TEST_CASE("a batch is claimed and decided: some leave and some end and the rest stays claimed") {
  World w;
  const auto leaves = w.plan("leaves", noon);
  const auto ends = w.plan("ends", noon);
  const auto waits = w.plan("waits", noon);
  const auto later = w.plan("later", noon + std::chrono::hours{1});
  const std::vector ids{leaves.id, ends.id, waits.id, later.id};
  std::size_t seen = 0;
  const auto leaving = w.store.take(w.lease(), ids, noon, [&](auto batch) {
    seen = batch.size();
    for (const auto& claimed : batch) {
      CHECK(claimed.reminder.state == ReminderState::claimed);
      CHECK(claimed.reminder.attempt == 1);
      CHECK(describe(claimed.citizen) == describe(w.citizen));
    }
    Store::Decision decision;
    decision.flights.push_back(flight_of(of(batch, leaves.id)));
    auto settlement = settlement_of(of(batch, ends.id), ReminderState::suppressed);
    settlement.event = sample_event(w.citizen);
    decision.settled.push_back(settlement);
    return decision;
  });
  CHECK(seen == 3);
  CHECK(leaving == std::vector{leaves.id});
  CHECK(w.read(leaves.id).state == ReminderState::in_flight);
  CHECK(w.read(ends.id).state == ReminderState::suppressed);
  CHECK(w.read(ends.id).state_reason == "because");
  CHECK(w.read(waits.id).state == ReminderState::claimed);
  CHECK(w.read(waits.id).attempt == 1);
  CHECK(w.read(later.id).state == ReminderState::planned);
  const auto deliveries = w.store.read_deliveries(w.tenant.id, leaves.id);
  REQUIRE(deliveries.size() == 1);
  CHECK(deliveries[0].state == DeliveryState::in_flight);
  CHECK(w.store.check_contiguity(w.shard()) == 1);
}

TEST_CASE("what a batch left claimed may still leave and be settled") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  const auto fence = w.lease();
  std::vector<store::ClaimedReminder> kept;
  CHECK(w.store
            .take(fence, std::vector{reminder.id}, noon,
                  [&](auto batch) {
                    kept = batch;
                    return Store::Decision{};
                  })
            .empty());
  REQUIRE(kept.size() == 1);
  REQUIRE(w.fly(fence, kept[0]));
  const auto outcome = settlement_of(kept[0], ReminderState::sent);
  CHECK(w.store.settle(fence, std::vector{outcome}, noon).size() == 1);
  CHECK(w.read(reminder.id).state == ReminderState::sent);
}

TEST_CASE("under a stale fence nothing is there to decide and an earlier answer does not stand") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  auto fence = w.lease();
  --fence.epoch;
  std::vector<std::size_t> asked;
  const auto leaving = w.store.take(fence, std::vector{reminder.id}, noon, [&](auto batch) {
    asked.push_back(batch.size());
    return Store::Decision{};
  });
  CHECK(leaving.empty());
  CHECK(asked == std::vector<std::size_t>{0});
  CHECK(w.read(reminder.id).state == ReminderState::planned);
}

TEST_CASE("a doubt about an earlier attempt is told to who decides and kept while it waits") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  const auto fence = w.lease();
  const auto claimed = w.claim_one(fence, reminder.id, noon);
  REQUIRE(w.fly(fence, claimed));
  CHECK(w.store.recover(fence, noon).unknown == 1);
  bool doubt = false;
  std::size_t series = 0;
  CHECK(w.store
            .take(fence, std::vector{reminder.id}, noon,
                  [&](auto batch) {
                    doubt = batch.at(0).outcome_unknown;
                    series = batch.at(0).series.size();
                    return Store::Decision{};
                  })
            .empty());
  CHECK(doubt);
  CHECK(series == 1);
  CHECK(w.store.recover(fence, noon).unknown == 1);  // claimed from doubt: back to doubt
}

TEST_CASE("an outcome leaves what was sent and why as it was written before it left") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  const auto fence = w.lease();
  const auto claimed = w.claim_one(fence, reminder.id, noon);
  REQUIRE(w.fly(fence, claimed));
  const auto before = w.store.read_deliveries(w.tenant.id, reminder.id).at(0);
  auto settlement = settlement_of(claimed, ReminderState::sent);
  settlement.delivery = before;
  settlement.delivery->state = DeliveryState::sent;
  settlement.delivery->result = "accepted";
  settlement.delivery->provider_id = "p-1";
  settlement.delivery->finished_at = noon + std::chrono::seconds{2};
  REQUIRE(w.store.settle(fence, std::vector{settlement}, noon).size() == 1);
  const auto after = w.store.read_deliveries(w.tenant.id, reminder.id).at(0);
  CHECK(describe(after) == describe(*settlement.delivery));
  CHECK(after.record == before.record);
}
