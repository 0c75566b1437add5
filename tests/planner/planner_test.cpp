// SPDX-License-Identifier: Apache-2.0
#include "planner/planner.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "planner/world.hpp"

using namespace rappel;
using namespace rappel::planner;
using rappel::test::now;
using rappel::test::World;

namespace {

const char* const anna = R"({"given_name": "Anna", "birthdate": "1980-01-01", "nationality": "FR"})";
const char* const note = R"({"citizen": "anna", "template": "caseworker_note",
  "send_at": "2026-12-01T09:00:00Z", "values": {"title": "T", "body": "B"}})";

}  // namespace

TEST_CASE("a citizen is created once and a repetition records nothing") {
  World w;
  CHECK(w.put(anna)->status == 201);
  const auto again = w.put(anna);
  CHECK(again->status == 200);
  CHECK(again->body.at("citizen").at("version").as_uint64() == 1);
}

TEST_CASE("an event plans its deadline and wakes the scheduler") {
  World w;
  REQUIRE(w.put(anna));
  const auto answer = w.events(R"({"type": "identity_document.issued", "occurred_on": "2012-03-24",
    "data": {"id": "cni-1", "kind": "cni", "issued_on": "2012-03-24"}})");
  REQUIRE(answer.has_value());
  CHECK(answer->body.at("deadlines").as_array().size() == 1);
  CHECK(answer->body.at("reminders").as_array().size() == 3);
  CHECK(w.woken >= 3);
}

TEST_CASE("a batch of events is taken whole or not at all") {
  World w;
  REQUIRE(w.put(anna));
  const auto answer = w.events(R"({"events": [
    {"type": "identity_document.issued", "data": {"id": "c", "kind": "cni", "issued_on": "2012-03-24"}},
    {"type": "identity_document.issued", "data": {"id": "d", "kind": "cni", "issued_on": "2012-02-30"}}]})");
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().where == "/events/1/data/issued_on");
  const auto id = *w.store.find_citizen(w.tenant.id, "anna");
  CHECK(w.store.read_deadlines(w.tenant.id, id, {}).items.empty());
}

TEST_CASE("what is wrong with an event is named with its place") {
  World w;
  REQUIRE(w.put(anna));
  CHECK(w.events(R"({"type": "identity_document.isued"})").error().where == "/type");
  CHECK(w.events(R"({"type": "deadline.done", "occurred_at": "2031-01-01T00:00:00Z"})").error().where ==
        "/occurred_at");
  CHECK(w.events(R"({"events": []})").error().where == "/events");
  CHECK(w.planner->record_events(w.request(), "nobody",
                                 boost::json::parse(R"({"type": "declaration.filed", "data": {
                                   "kind": "income_tax", "year": 2026}})").as_object())
            .error()
            .kind == ProblemKind::not_found);
}

TEST_CASE("the same key gives the same answer and another request under it is refused") {
  World w;
  REQUIRE(w.put(anna));
  const auto first = w.schedule(note, "key");
  const auto second = w.schedule(note, "key");
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK_FALSE(first->replayed);
  CHECK(second->replayed);
  CHECK(boost::json::serialize(first->body) == boost::json::serialize(second->body));
  const auto id = *w.store.find_citizen(w.tenant.id, "anna");
  CHECK(w.store.read_reminders(w.tenant.id, id, {}).items.size() == 1);
  const auto other = w.schedule(R"({"citizen": "anna", "template": "caseworker_note",
    "send_at": "2026-12-02T09:00:00Z", "values": {"title": "T", "body": "B"}})", "key");
  CHECK(other.error().kind == ProblemKind::conflict);
}

TEST_CASE("an answer is given again when its template has been withdrawn since") {
  World w;
  w.put(R"({"given_name": "Anna"})").value();
  const char* body = R"({"citizen": "anna", "template": "caseworker_note",
      "values": {"title": "A", "body": "B"}, "send_at": "2026-11-25T09:00:00Z"})";
  const auto first = w.schedule(body, "k-1").value();
  w.planner->use(w.rules, std::make_shared<const message::Catalogue>());
  CHECK(w.schedule(body, "k-1")->body == first.body);
  CHECK(w.schedule(body, "k-2").error().code == "unknown_template");
}

TEST_CASE("offsets are counted back from the due date at the local hour") {
  World w;
  REQUIRE(w.put(anna));
  const auto answer = w.schedule(R"({"citizen": "anna", "template": "caseworker_note",
    "due_on": "2027-03-31", "offsets": ["-P1M", "-P3D"], "at": "10:30",
    "values": {"title": "T", "body": "B"}})");
  REQUIRE(answer.has_value());
  const auto& reminders = answer->body.at("reminders").as_array();
  REQUIRE(reminders.size() == 2);
  CHECK(reminders[0].at("due_at").as_string() == "2027-02-28T09:30:00Z");
  CHECK(reminders[1].at("due_at").as_string() == "2027-03-28T08:30:00Z");
  CHECK(reminders[1].at("expires_at").as_string() == "2027-03-31T22:00:00Z");
}

TEST_CASE("the hour is the administration's where the citizen's address is not known") {
  World world("Europe/Tallinn");
  world.put(anna);
  const auto answer = world.schedule(R"({"citizen": "anna", "template": "caseworker_note",
    "due_on": "2027-01-31", "offsets": ["-P7D"], "at": "09:00",
    "values": {"title": "T", "body": "B"}})");
  REQUIRE(answer.has_value());
  CHECK(answer->body.at("reminders").at(0).at("due_at") == "2027-01-24T07:00:00Z");
}

TEST_CASE("a phone number is read as the administration's country writes it") {
  World world("Europe/Brussels", "be");
  REQUIRE(world.put(R"({"contacts": [{"channel": "sms", "address": "0470 12 34 56"}]})"));
  const auto id = *world.store.find_citizen(world.tenant.id, "anna");
  const auto citizen = *world.store.read_citizen(world.tenant.id, id);
  CHECK(citizen.profile.at("contacts").at(0).at("address") == "+32470123456");
}

TEST_CASE("a schedule that makes no sense is refused where it is wrong") {
  World w;
  REQUIRE(w.put(anna));
  const auto where = [&](const char* body) { return w.schedule(body).error().where; };
  CHECK(where(R"({"citizen": "anna", "template": "caseworker_note",
    "values": {"title": "T", "body": "B"}})") == "");
  CHECK(where(R"({"citizen": "anna", "template": "caseworker_note", "offsets": ["-P1D"],
    "values": {"title": "T", "body": "B"}})") == "/due_on");
  CHECK(where(R"({"citizen": "anna", "template": "caseworker_note", "due_on": "2026-11-30",
    "offsets": ["-P1D", "-P30D"], "values": {"title": "T", "body": "B"}})") == "/offsets/1");
  CHECK(where(R"({"citizen": "anna", "template": "caseworker_note",
    "send_at": "2199-01-01T00:00:00Z", "values": {"title": "T", "body": "B"}})") == "/send_at");
  CHECK(where(R"({"citizen": "anna", "template": "caseworker_note", "due_on": "2026-12-01",
    "offsets": ["P3D"], "values": {"title": "T", "body": "B"}})") == "/offsets/0");
  CHECK(where(R"({"citizen": "nobody", "template": "caseworker_note",
    "send_at": "2026-12-01T09:00:00Z", "values": {"title": "T", "body": "B"}})") == "/citizen");
}

TEST_CASE("a reminder is withdrawn once and for all") {
  World w;
  REQUIRE(w.put(anna));
  const auto answer = w.schedule(note);
  const auto id = *ReminderId::parse(
      std::string(answer->body.at("reminders").as_array()[0].at("id").as_string()));
  CHECK(w.planner->cancel(w.request(), id)->body.at("state").as_string() == "cancelled");
  CHECK(w.planner->cancel(w.request(), id)->status == 200);
  CHECK(w.planner->cancel(w.request(), ReminderId::random(id.shard())).error().kind ==
        ProblemKind::not_found);
}

TEST_CASE("before the hour of the re-evaluation the day has come all the same") {
  World w;
  REQUIRE(w.put(anna));
  REQUIRE(w.events(R"({"type":"document.requested","occurred_on":"2026-11-20","data":{"claim":"b",
    "label":"bourse","documents":["RIB"],"due_on":"2026-12-11"}})"));
  auto night = w.request();
  night.now = *parse_rfc3339("2026-12-12T00:30:00Z");  // 01:30 in Paris; the wheel comes at 04:30
  const auto answer = w.planner->record_events(
      night, "anna", boost::json::parse(R"({"type":"vehicle.registered","occurred_on":"2026-12-11",
        "data":{"id":"v","category":"M1","first_registered_on":"2026-12-01"}})").as_object());
  REQUIRE(answer.has_value());
  bool found = false;
  for (const auto& deadline : answer->body.at("deadlines").as_array()) {
    if (deadline.at("rule") != "fr.procedure.dossier_incomplet") continue;
    CHECK(deadline.at("state") == "missed");
    found = true;
  }
  CHECK(found);
}

TEST_CASE("a day alone is one of the calendar where the citizen lives") {
  World w;
  REQUIRE(w.put(R"({"birthdate": "1980-01-01", "address": {"insee": "97209"}})"));
  const auto answer = w.events(R"({"type": "sick_leave.prescribed", "occurred_on": "2026-11-23"})");
  REQUIRE(answer.has_value());
  std::string due_on;
  for (const auto& deadline : answer->body.at("deadlines").as_array()) {
    if (deadline.at("rule") == "fr.health.arret_travail_48h")
      due_on = deadline.at("due_on").as_string();
  }
  CHECK(due_on == "2026-11-25");
}

TEST_CASE("a child is not born before the day") {
  World w;
  REQUIRE(w.put(anna));
  CHECK(w.events(R"({"type": "child.born", "data": {"birthdate": "2026-11-24"}})").has_value());
  const auto refused = w.events(
      R"({"events": [{"type": "child.born", "data": {"birthdate": "2026-11-25"}}]})");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().where == "/events/0/data/birthdate");
  CHECK(w.put(R"({"birthdate": "2150-01-01"})").error().where == "/birthdate");
}

TEST_CASE("a list of events that is null is no list") {
  World w;
  REQUIRE(w.put(anna));
  const auto refused = w.events(R"({"events": null})");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().where == "/events");
}

TEST_CASE("a reminder by a channel that leads nowhere is planned and says so") {
  World w;
  REQUIRE(w.put(R"({"given_name": "Anna", "contacts": [{"channel": "sms", "address": "06 12 34 56 78"}]})"));
  const auto schedule = [&](const std::string& channels) {
    const std::string body = R"({"citizen": "anna", "template": "caseworker_note", "channels": )" + channels +
                             R"(, "send_at": "2026-12-01T09:00:00Z", "values": {"title": "T", "body": "B"}})";
    return w.planner->schedule(w.request(), boost::json::parse(body).as_object());
  };
  const auto nowhere = schedule(R"(["email"])").value();
  CHECK(nowhere.status == 201);
  CHECK(nowhere.body.at("notes").at(0).at("code") == "no_usable_channel");
  CHECK_FALSE(schedule(R"(["email", "sms"])").value().body.contains("notes"));
  CHECK_FALSE(schedule(R"(["inapp"])").value().body.contains("notes"));
  CHECK(schedule(R"([])").error().code == "empty_list");
  CHECK(schedule(R"(["sms", "sms"])").error().where == "/channels/1");
}

TEST_CASE("today is today where the citizen lives also in the small hours") {
  const char* moved = R"({"type": "job.started", "occurred_on": "2026-11-25"})";
  for (const bool in_reunion : {true, false}) {
    CAPTURE(in_reunion);
    World w;
    REQUIRE(w.put(in_reunion ? R"({"address": {"insee": "97411"}})" : anna));
    auto late = w.request();
    late.now = *parse_rfc3339("2026-11-24T21:30:00Z");  // 22:30 in Paris, 01:30 in La Réunion
    const auto answer =
        w.planner->record_events(late, "anna", boost::json::parse(moved).as_object());
    CHECK(answer.has_value() == in_reunion);
    if (answer) continue;
    CHECK(answer.error().code == "in_the_future");
    CHECK(answer.error().where == "/occurred_on");
  }
}

TEST_CASE("a re-evaluation under a stale fence changes nothing and says so") {
  World w;
  REQUIRE(w.put(anna));
  REQUIRE(w.events(R"({"type": "identity_document.issued",
    "data": {"id": "cni-1", "kind": "cni", "issued_on": "2012-03-24"}})"));
  const auto id = *w.store.find_citizen(w.tenant.id, "anna");
  const auto node = NodeId::random();
  const std::vector<Shard> wanted{id.shard()};
  const auto stale = w.store.acquire(node, {}, wanted, std::chrono::hours{1}).at(0);
  const auto fresh = w.store.acquire(node, {}, wanted, std::chrono::hours{1}).at(0);
  const auto before = w.store.read_citizen(w.tenant.id, id)->reevaluate_at;
  const auto much_later = now + std::chrono::hours{24 * 365 * 2};
  CHECK_FALSE(w.planner->reevaluate(stale, w.tenant.id, id, much_later));
  CHECK(w.store.stale_writes() == 1);
  CHECK(w.store.read_citizen(w.tenant.id, id)->reevaluate_at == before);
  CHECK(w.planner->reevaluate(fresh, w.tenant.id, id, much_later));
  CHECK(w.store.read_citizen(w.tenant.id, id)->reevaluate_at != before);
}

TEST_CASE("a re-evaluation without news changes nothing") {
  World w;
  REQUIRE(w.put(anna));
  REQUIRE(w.events(R"({"type": "identity_document.issued",
    "data": {"id": "cni-1", "kind": "cni", "issued_on": "2012-03-24"}})"));
  const auto id = *w.store.find_citizen(w.tenant.id, "anna");
  const auto before = w.store.read_reminders(w.tenant.id, id, {}).items;
  const std::vector<Shard> wanted{id.shard()};
  const auto fence = w.store.acquire(NodeId::random(), {}, wanted, std::chrono::hours{1}).at(0);
  CHECK(w.planner->reevaluate(fence, w.tenant.id, id, now + std::chrono::hours{1}));
  const auto after = w.store.read_reminders(w.tenant.id, id, {}).items;
  REQUIRE(before.size() == after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(before[i].id == after[i].id);
    CHECK(before[i].due_at == after[i].due_at);
  }
}
