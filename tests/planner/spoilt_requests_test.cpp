// SPDX-License-Identifier: Apache-2.0
#include <boost/json/serialize.hpp>
#include <functional>

#include "planner/world.hpp"

using namespace rappel;
using rappel::test::World;
namespace json = boost::json;

namespace {

/// Calls `visit` with the body once for each of its values and each thing put in its place; also with
/// each member left out.
void spoil(const json::value& body, const std::function<void(const json::value&)>& visit) {
  const json::value stand_ins[] = {nullptr,          true,         -7,          1.5, "",
                                   "x\xc3\xa9",      json::array{}, json::object{},
                                   json::array{nullptr}, json::object{{"a", nullptr}}};
  std::function<void(json::value&, json::value&)> descend = [&](json::value& root, json::value& at) {
    const json::value kept = at;
    for (const auto& other : stand_ins) {
      at = other;
      visit(root);
    }
    at = kept;
    if (auto* object = at.if_object()) {
      for (std::size_t i = 0; i < object->size(); ++i) descend(root, (object->begin() + i)->value());
      const json::object whole = *object;
      for (const auto& member : whole) {
        object->erase(member.key());
        visit(root);
        at = whole;
        object = at.if_object();
      }
    } else if (auto* list = at.if_array()) {
      for (auto& item : *list) descend(root, item);
    }
  };
  json::value copy = body;
  descend(copy, copy);
}

/// How many of the spoilt bodies were refused, each with a place or a sentence.
template <typename Call>
int refused(const char* body, const Call& call) {
  int count = 0;
  spoil(json::parse(body), [&](const json::value& spoilt) {
    if (!spoilt.is_object()) return;
    CAPTURE(json::serialize(spoilt));
    const auto answer = call(spoilt.get_object());
    if (answer) return;
    ++count;
    CHECK_FALSE(answer.error().code.empty());
    CHECK_FALSE(answer.error().detail.empty());
  });
  return count;
}

}  // namespace

TEST_CASE("whatever stands in the place of a value a request is answered") {
  World w;
  REQUIRE(w.put(R"({"given_name": "Anna"})"));
  CHECK(refused(R"({"given_name": "Anna", "birthdate": "1980-01-01",
      "address": {"lines": ["1 rue"], "postcode": "75001", "city": "Paris", "insee": "75056"},
      "contacts": [{"channel": "email", "address": "a@example.org"}],
      "preferences": {"channels": ["email"], "quiet_hours": {"from": "20:00", "to": "08:00"},
                      "language": "fr", "muted_topics": ["identity"]},
      "needs": ["no_internet"], "tax": {"household": true},
      "human_contact": {"name": "Mme Diallo", "phone": "02 99 00 00 00"}})",
                [&](const json::object& body) {
                  return w.planner->put_citizen(w.request(), "anna", body);
                }) > 100);
  CHECK(refused(R"({"events": [{"type": "identity_document.issued", "occurred_on": "2026-11-20",
      "data": {"id": "c", "kind": "cni", "issued_on": "2012-03-24"}},
      {"type": "document.requested", "occurred_at": "2026-11-20T10:00:00Z",
       "data": {"claim": "b", "label": "bourse", "documents": ["RIB"], "delay": "P30D"}},
      {"type": "child.born", "data": {"birthdate": "2026-11-01", "given_name": "Lou"}}]})",
                [&](const json::object& body) {
                  return w.planner->record_events(w.request(), "anna", body);
                }) > 100);
  CHECK(refused(R"({"citizen": "anna", "template": "caseworker_note", "channels": ["email"],
      "due_on": "2027-03-12", "offsets": ["-P30D"], "topic": "housing",
      "values": {"title": "T", "body": "B"}})",
                [&](const json::object& body) { return w.planner->schedule(w.request(), body); }) > 50);
  CHECK(refused(R"({"as_of": "2026-11-20", "citizen": {"birthdate": "1980-01-01"},
      "events": [{"type": "vehicle.registered",
                  "data": {"id": "v", "category": "M1", "first_registered_on": "2020-01-01"}}]})",
                [&](const json::object& body) { return w.planner->simulate(w.request(), body); }) > 50);
}
