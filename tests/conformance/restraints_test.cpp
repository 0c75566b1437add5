// SPDX-License-Identifier: Apache-2.0
// Silences, recent messages, and flights that wait for their citizen to be as they were decided for.
#include <algorithm>

#include "conformance/samples.hpp"

using namespace conformance;
using std::chrono::days;
using std::chrono::hours;
using store::Store;

namespace {

Silence sample_silence(TenantId tenant) {
  Silence silence;
  silence.id = SilenceId::random();
  silence.tenant = tenant;
  silence.rule = "fr.tax.*";
  silence.notifier = "mail";
  silence.departement = "35";
  silence.starts_at = noon;
  silence.ends_at = noon + hours{5};
  silence.author = "Mme Diallo";
  silence.comment = "règle en correction ; l'usager n'y peut rien";
  silence.created_at = noon;
  return silence;
}

std::string describe(const Silence& silence) {
  return silence.id.to_string() + silence.tenant.to_string() + silence.rule + silence.notifier +
         silence.departement + to_rfc3339(silence.starts_at) + to_rfc3339(silence.ends_at) +
         silence.author + silence.comment + to_rfc3339(silence.created_at) +
         (silence.ended_at ? to_rfc3339(*silence.ended_at) : "");
}

/// Postponed by a silence until its end.
void hold(World& w, const Reminder& reminder, Instant until) {
  const auto fence = w.lease();
  auto settlement = settlement_of(w.claim_one(fence, reminder.id, noon), ReminderState::planned);
  settlement.reason = "silenced";
  settlement.next_at = until;
  REQUIRE(w.store.settle(fence, std::vector{settlement}, noon).size() == 1);
}

/// Lets a reminder leave, with its delivery begun at `at`.
void leave(World& w, const Lease& fence, const Reminder& reminder, Instant at) {
  const auto claimed = w.claim_one(fence, reminder.id, at);
  auto delivery = sample_delivery(claimed.reminder);
  delivery.started_at = at;
  const store::Flight flight{claimed.tenant, delivery, claimed.reminder.attempt};
  REQUIRE(w.store.begin_flight(fence, std::vector{flight}, at).size() == 1);
}

std::vector<ReminderId> recent_of(const store::ClaimedReminder& claimed) {
  std::vector<ReminderId> ids;
  for (const auto& recent : claimed.recent) ids.push_back(recent.reminder);
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

TEST_CASE("a silence is kept as it was set and listed until it is over") {
  World w;
  auto first = sample_silence(w.tenant.id);
  auto second = sample_silence(w.tenant.id);
  second.rule = second.notifier = second.departement = "";
  second.created_at = noon + hours{1};
  REQUIRE(w.store.add_silence(second));
  REQUIRE(w.store.add_silence(first));
  const auto listed = w.store.silences(w.tenant.id, noon);
  REQUIRE(listed.size() == 2);
  CHECK(describe(listed[0]) == describe(first));
  CHECK(describe(listed[1]) == describe(second));
  CHECK(w.store.silences(w.tenant.id, first.ends_at).empty());
}

TEST_CASE("a silence holds from its start until just before its end") {
  World w;
  REQUIRE(w.store.add_silence(sample_silence(w.tenant.id)));
  CHECK(w.store.silences_at(noon - hours{1}).empty());
  CHECK(w.store.silences_at(noon).size() == 1);
  CHECK(w.store.silences_at(noon + hours{5} - std::chrono::seconds{1}).size() == 1);
  CHECK(w.store.silences_at(noon + hours{5}).empty());
}

TEST_CASE("a tenant neither sees nor ends the silences of another") {
  World w;
  const auto other = sample_tenant("voisine");
  REQUIRE(w.store.create_tenant(other));
  const auto silence = sample_silence(w.tenant.id);
  REQUIRE(w.store.add_silence(silence));
  CHECK(w.store.silences(other.id, noon).empty());
  CHECK_FALSE(w.store.end_silence(other.id, silence.id, noon));
  CHECK(w.store.silences_at(noon).size() == 1);
}

TEST_CASE("a silence that is ended holds no more and is ended once") {
  World w;
  const auto silence = sample_silence(w.tenant.id);
  REQUIRE(w.store.add_silence(silence));
  const auto ended = w.store.end_silence(w.tenant.id, silence.id, noon + hours{1});
  REQUIRE(ended);
  CHECK(ended->ended_at == noon + hours{1});
  CHECK(w.store.silences_at(noon + hours{1}).empty());
  CHECK(w.store.silences(w.tenant.id, noon + hours{1}).empty());
  CHECK(w.store.end_silence(w.tenant.id, silence.id, noon + hours{2})->ended_at == noon + hours{1});
  CHECK_FALSE(w.store.end_silence(w.tenant.id, silence.id, silence.ends_at));
  CHECK_FALSE(w.store.end_silence(w.tenant.id, SilenceId::random(), noon));
}

TEST_CASE("the end of a silence gives back what it held and nothing else") {
  World w;
  const auto silence = sample_silence(w.tenant.id);
  REQUIRE(w.store.add_silence(silence));
  const auto held = w.plan("held", noon);
  const auto later = w.plan("later", silence.ends_at);
  const auto longer = w.plan("longer", noon);
  hold(w, held, silence.ends_at);
  hold(w, longer, silence.ends_at + hours{3});
  REQUIRE(w.store.end_silence(w.tenant.id, silence.id, noon + hours{1}));
  CHECK(w.read(held.id).next_at == noon + hours{1});
  CHECK(w.read(later.id).next_at == later.next_at);
  CHECK(w.read(longer.id).next_at == silence.ends_at + hours{3});
}

TEST_CASE("a tenant has so many silences and no more") {
  World w;
  for (std::size_t i = 0; i < store::silences_max; ++i)
    REQUIRE(w.store.add_silence(sample_silence(w.tenant.id)));
  const auto refused = w.store.add_silence(sample_silence(w.tenant.id));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "too_many_silences");
}

TEST_CASE("what waits is found by time and by rule") {
  World w;
  const auto deadline = sample_deadline(w.citizen);
  w.plan(deadline);
  auto of_rule = sample_reminder(w.citizen, "J-30", noon);
  of_rule.deadline = deadline.id;
  auto alone = sample_reminder(w.citizen, "once", noon + hours{1});
  alone.deadline.reset();
  w.plan(std::vector{of_rule, alone, sample_reminder(w.citizen, "late", noon + days{9})});
  const auto found = [&](const std::string& rule, std::size_t limit = 10) {
    return w.store.waiting(w.tenant.id, {noon + days{1}, rule, limit});
  };
  const auto all = found("");
  REQUIRE(all.size() == 2);
  CHECK(all[0].reminder.id == of_rule.id);
  CHECK(conformance::describe(all[0].citizen) == conformance::describe(w.citizen));
  CHECK(all[0].deadline->rule == deadline.rule);
  CHECK(found("", 1).size() == 1);
  CHECK(found(deadline.rule).size() == 1);
  CHECK(found(deadline.rule.substr(0, deadline.rule.rfind('.')) + ".*").size() == 1);
  CHECK(found("fr.nothing.*").empty());
  CHECK(w.store.waiting(sample_tenant("voisine").id, {noon + days{1}, "", 10}).empty());
}

TEST_CASE("a taken reminder comes with its citizen's recent messages but for its own batch") {
  World w;
  const auto fence = w.lease();
  const auto recent = w.plan("recent", noon - hours{2});
  const auto old = w.plan("old", noon - hours{40});
  const auto failed = w.plan("failed", noon - hours{3});
  const auto about_to = w.plan("about", noon);
  leave(w, fence, recent, noon - hours{2});
  leave(w, fence, old, noon - hours{40});
  leave(w, fence, failed, noon - hours{3});
  auto outcome = settlement_of({w.tenant.id, w.read(failed.id), w.citizen}, ReminderState::dead);
  outcome.delivery = w.store.read_deliveries(w.tenant.id, failed.id).at(0);
  outcome.delivery->state = DeliveryState::failed;
  REQUIRE(w.store.settle(fence, std::vector{outcome}, noon).size() == 1);
  static_cast<void>(w.claim_one(fence, about_to.id, noon));
  auto first = sample_reminder(w.citizen, "first", noon);
  auto second = sample_reminder(w.citizen, "second", noon);
  first.statutory = second.statutory = false;  // what is statutory is counted against nothing
  w.plan(std::vector{first, second});
  std::vector<ReminderId> expected{recent.id, about_to.id};
  std::sort(expected.begin(), expected.end());
  std::size_t seen = 0;
  w.store.take(fence, std::vector{first.id, second.id}, noon, [&](auto batch) {
    for (const auto& each : batch) {
      ++seen;
      CHECK(recent_of(each) == expected);
      for (const auto& message : each.recent)
        CHECK(message.at == (message.reminder == recent.id ? noon - hours{2} : noon));
    }
    return Store::Decision{};
  });
  CHECK(seen == 2);
}

TEST_CASE("a taken reminder comes with the silences that hold") {
  World w;
  const auto silence = sample_silence(w.tenant.id);
  REQUIRE(w.store.add_silence(silence));
  const auto before = w.plan("before", noon - hours{1});
  const auto during = w.plan("during", noon);
  const auto fence = w.lease();
  CHECK(w.claim_one(fence, before.id, noon - hours{1}).silences == nullptr);
  const auto claimed = w.claim_one(fence, during.id, noon);
  REQUIRE(claimed.silences != nullptr);
  REQUIRE(claimed.silences->size() == 1);
  CHECK(describe(claimed.silences->front()) == describe(silence));
}

TEST_CASE("a flight does not begin for a citizen who has changed since it was decided") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  const auto fence = w.lease();
  const auto claimed = w.claim_one(fence, reminder.id, noon);
  store::Flight flight{claimed.tenant, sample_delivery(claimed.reminder), claimed.reminder.attempt,
                       0, claimed.citizen.version};
  {
    auto transaction = w.begin();
    auto event = sample_event(w.citizen);
    transaction->append(std::span<Event>(&event, 1));
    transaction->commit();
  }
  CHECK(w.store.begin_flight(fence, std::vector{flight}, noon).empty());
  CHECK(w.read(reminder.id).state == ReminderState::claimed);
  CHECK(w.store.read_deliveries(w.tenant.id, reminder.id).empty());
  *flight.citizen_version += 1;
  CHECK(w.store.begin_flight(fence, std::vector{flight}, noon).size() == 1);
}
