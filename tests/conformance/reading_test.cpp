// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "conformance/samples.hpp"

using namespace conformance;

namespace {

store::ApiKey sample_key(TenantId tenant, const std::string& id) {
  return {id, tenant, "poste 1", "live", std::string(64, 'a'), noon};
}

template <typename Read>
std::vector<std::string> walk(Read read, std::size_t limit) {
  std::vector<std::string> seen;
  store::PageRequest request{limit, ""};
  do {
    const auto page = read(request);
    CHECK(page.items.size() <= limit);
    for (const auto& item : page.items) seen.push_back(describe(item));
    request.cursor = page.next;
  } while (!request.cursor.empty());
  return seen;
}

}  // namespace

TEST_CASE("a tenant is read back whole and its slug is taken once") {
  World w;
  const auto stored = w.store.tenant(w.tenant.id).value();
  CHECK(stored.slug == w.tenant.slug);
  CHECK(stored.name == w.tenant.name);
  CHECK(stored.human_name == "l'accueil");
  CHECK(stored.human_phone == w.tenant.human_phone);
  CHECK(stored.country == "fr");
  CHECK(stored.zone == "Europe/Paris");
  auto twin = sample_tenant(w.tenant.slug);
  CHECK(w.store.create_tenant(twin).error().kind == ProblemKind::conflict);
  CHECK_FALSE(w.store.tenant(twin.id));
  REQUIRE(w.store.create_tenant(sample_tenant("caf")));
  REQUIRE(w.store.tenants().size() == 2);
  CHECK(w.store.tenants()[0].slug == "caf");
}

TEST_CASE("a key is found by its public id and revoked once") {
  World w;
  auto key = sample_key(w.tenant.id, "0a1b2c3d");
  key.expires_at = at("2027-11-24T00:00:00Z");
  w.store.create_key(key);
  const auto stored = w.store.key("0a1b2c3d").value();
  CHECK(stored.tenant == w.tenant.id);
  CHECK(stored.label == "poste 1");
  CHECK(stored.kind == "live");
  CHECK(stored.secret_hash_hex == key.secret_hash_hex);
  CHECK(stored.created_at == noon);
  CHECK(stored.expires_at == key.expires_at);
  CHECK_FALSE(stored.revoked_at);
  CHECK_FALSE(w.store.key("0a1b2c3e"));
  CHECK(w.store.revoke_key("0a1b2c3d", noon));
  CHECK_FALSE(w.store.revoke_key("0a1b2c3d", noon));
  CHECK_FALSE(w.store.revoke_key("nobody00", noon));
  CHECK(w.store.key("0a1b2c3d")->revoked_at == noon);
}

TEST_CASE("the keys of a tenant are its own") {
  World w;
  const auto other = sample_tenant("caf");
  REQUIRE(w.store.create_tenant(other));
  w.store.create_key(sample_key(w.tenant.id, "11111111"));
  w.store.create_key(sample_key(other.id, "22222222"));
  REQUIRE(w.store.keys(other.id).size() == 1);
  CHECK(w.store.keys(other.id)[0].id == "22222222");
}

TEST_CASE("another tenant sees nothing of a citizen") {
  World w;
  const auto other = sample_tenant("caf");
  REQUIRE(w.store.create_tenant(other));
  const auto reminder = w.plan("J-30", noon);
  w.plan(sample_deadline(w.citizen));
  const auto fence = w.lease();
  const auto claimed = w.claim_one(fence, reminder.id, noon);
  REQUIRE(w.fly(fence, claimed));
  auto settlement = settlement_of(claimed, ReminderState::sent);
  settlement.inbox = sample_inbox(reminder);
  settlement.task = sample_task(reminder);
  settlement.event = sample_event(w.citizen);
  settlement.tenant = other.id;
  CHECK(w.store.settle(fence, std::vector{settlement}, noon).empty());
  settlement.tenant = w.tenant.id;
  REQUIRE(w.store.settle(fence, std::vector{settlement}, noon).size() == 1);

  const auto id = w.citizen.id;
  CHECK_FALSE(w.store.find_citizen(other.id, "A-1"));
  CHECK_FALSE(w.store.read_citizen(other.id, id));
  CHECK_FALSE(w.store.read_reminder(other.id, reminder.id));
  CHECK_FALSE(w.store.read_delivery(other.id, delivery_id_of(reminder.id, 0)));
  CHECK(w.store.read_delivery(w.tenant.id, delivery_id_of(reminder.id, 0)));
  CHECK(w.store.read_deliveries(other.id, reminder.id).empty());
  CHECK(w.store.read_events(other.id, id, {}).items.empty());
  CHECK(w.store.read_deadlines(other.id, id, {}).items.empty());
  CHECK(w.store.read_reminders(other.id, id, {}).items.empty());
  CHECK(w.store.read_inbox(other.id, id, {}).items.empty());
  CHECK(w.store.read_tasks(other.id, {}).items.empty());
  auto transaction = w.store.begin(w.shard(), other.id, noon);
  CHECK_FALSE(transaction->citizen(id));
  CHECK(transaction->events(id).empty());
  CHECK(transaction->deadlines(id).empty());
  CHECK(transaction->reminders(id, long_ago).empty());
  CHECK_THROWS(transaction->upsert(std::span<const Reminder>(&reminder, 1)));
}

TEST_CASE("two tenants may use the same reference") {
  World w;
  const auto other = sample_tenant("caf");
  REQUIRE(w.store.create_tenant(other));
  const auto namesake = sample_citizen(w.store, other.id, "A-1");
  auto transaction = w.store.begin(namesake.id.shard(), other.id, noon);
  transaction->create_citizen(namesake);
  transaction->commit();
  CHECK(w.store.find_citizen(other.id, "A-1") == namesake.id);
  CHECK(w.store.find_citizen(w.tenant.id, "A-1") == w.citizen.id);
}

TEST_CASE("pages of reminders walk every row once though rows are added meanwhile") {
  World w;
  std::set<std::string> wanted;
  for (int i = 0; i < 7; ++i) {
    // Pairs of equal instants: the id breaks the tie.
    const auto due = noon + std::chrono::days{i / 2 * 20};
    wanted.insert(describe(w.plan("stage " + std::to_string(i), due)));
  }
  int added = 0;
  const auto seen = walk(
      [&](const store::PageRequest& request) {
        auto page = w.store.read_reminders(w.tenant.id, w.citizen.id, request);
        w.plan("early " + std::to_string(added++), noon - std::chrono::days{1});
        return page;
      },
      2);
  CHECK(seen.size() == 7);
  CHECK(std::set<std::string>(seen.begin(), seen.end()) == wanted);
}

TEST_CASE("pages of events and deadlines and inbox and tasks end and are in order") {
  World w;
  std::vector<Event> events(5, sample_event(w.citizen));
  for (auto& event : events) event.id = EventId::random(w.shard());
  auto transaction = w.begin();
  transaction->append(events);
  for (int i = 0; i < 5; ++i) {
    auto deadline = sample_deadline(w.citizen, std::to_string(i));
    deadline.due_on = CivilDate{std::chrono::sys_days(day("2027-01-01")) + std::chrono::days{i}};
    transaction->upsert(std::span<const Deadline>(&deadline, 1));
    auto task = sample_task(sample_reminder(w.citizen, std::to_string(i), noon));
    transaction->add_task(task);
  }
  transaction->commit();
  const auto id = w.citizen.id;
  const auto seen = walk(
      [&](const auto& request) { return w.store.read_events(w.tenant.id, id, request); }, 2);
  REQUIRE(seen.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) CHECK(seen[i] == describe(events[i]));
  CHECK(walk([&](const auto& r) { return w.store.read_deadlines(w.tenant.id, id, r); }, 2).size() ==
        5);
  CHECK(walk([&](const auto& r) { return w.store.read_tasks(w.tenant.id, r); }, 4).size() == 5);
  CHECK(walk([&](const auto& r) { return w.store.read_inbox(w.tenant.id, id, r); }, 4).empty());
}

TEST_CASE("a page is never larger than the limit of pages") {
  World w;
  std::vector<Event> events(store::page_items_max + 1, sample_event(w.citizen));
  for (auto& event : events) event.id = EventId::random(w.shard());
  auto transaction = w.begin();
  transaction->append(events);
  transaction->commit();
  const auto page = w.store.read_events(w.tenant.id, w.citizen.id, {100'000, ""});
  CHECK(page.items.size() == store::page_items_max);
  CHECK(w.store.read_events(w.tenant.id, w.citizen.id, {0, page.next}).items.size() == 1);
}

TEST_CASE("a cursor that was never given out is refused") {
  World w;
  for (const char* cursor : {"x", "1", "1.", ".", "1.not-a-uuid", "'; drop table event; --"})
    CHECK_THROWS_AS((void)w.store.read_reminders(w.tenant.id, w.citizen.id, {10, cursor}),
                    store::BadCursor);
}

TEST_CASE("counters count citizens and reminders by state and the oldest that waits") {
  World w;
  CHECK_FALSE(w.store.counts().oldest_due);
  w.plan("late", noon - std::chrono::days{2});
  w.plan("later", noon);
  auto gone = sample_reminder(w.citizen, "gone", noon - std::chrono::days{9});
  gone.state = ReminderState::expired;
  w.plan({gone});
  const auto counts = w.store.counts();
  CHECK(counts.citizens == 1);
  CHECK(counts.oldest_due == noon - std::chrono::days{2});
  CHECK(counts.reminders == std::vector<std::pair<ReminderState, std::uint64_t>>{
                                {ReminderState::planned, 2}, {ReminderState::expired, 1}});
}

TEST_CASE("templates and rules may be recorded again and again") {
  World w;
  for (int i = 0; i < 2; ++i) {
    w.store.record_template("card", "fr", "v1", "Bonjour {{name}}", noon);
    w.store.record_rule("fr.identity.card", 3, "abcd", "id: fr.identity.card", noon);
  }
  CHECK_NOTHROW(w.store.ping());
}
