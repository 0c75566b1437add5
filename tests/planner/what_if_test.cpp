// SPDX-License-Identifier: Apache-2.0
#include "planner/what_if.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

using namespace rappel;
using namespace rappel::planner;

namespace {

Expected<Answer> ask(const char* body) {
  static const auto rules = rules::RuleBook::load(std::string(RAPPEL_SOURCE_DIR) + "/templates");
  REQUIRE(rules.has_value());
  Request request;
  request.now = *parse_rfc3339("2026-11-24T09:00:00Z");
  return what_if(*rules, store::Tenant{}, request, boost::json::parse(body).as_object(), 10);
}

const boost::json::object& first_deadline(const Answer& answer) {
  return answer.body.at("deadlines").as_array().at(0).as_object();
}

}  // namespace

TEST_CASE("a person who is not stored is told their deadlines and reminders and why") {
  const auto answer = ask(R"({
    "citizen": {"birthdate": "1964-03-02", "nationality": "FR"},
    "events": [{"type": "identity_document.issued",
                "data": {"id": "c1", "kind": "cni", "issued_on": "2012-05-14"}}]})")
                          .value();
  CHECK(answer.body.at("as_of").as_string() == "2026-11-24");
  CHECK(first_deadline(answer).at("due_on").as_string() == "2027-05-14");
  CHECK(first_deadline(answer).at("explanation").as_object().contains("arithmetic"));
  CHECK(answer.body.at("reminders").as_array().size() >= 2);
}

TEST_CASE("a question about a past day is answered as of that day") {
  const char* body = R"({
    "citizen": {"tax": {"household": true}, "address": {"insee": "75056"}}, "as_of": "2024-05-02"})";
  const auto answer = ask(body).value();
  CHECK(first_deadline(answer).at("due_on").as_string() == "2024-06-06");
}

TEST_CASE("the same question has the same answer to the last id") {
  const char* body = R"({"citizen": {"birthdate": "1964-03-02", "nationality": "FR"},
    "events": [{"type": "identity_document.issued",
                "data": {"kind": "cni", "issued_on": "2012-05-14"}}]})";
  CHECK(ask(body)->body == ask(body)->body);
}

TEST_CASE("what is wrong with a question is named with its place") {
  CHECK(ask(R"({"citizen": {"birthdate": "1964-13-02"}})").error().where == "/citizen/birthdate");
  CHECK(ask(R"({"citizn": {}})").error().where == "/citizn");
  CHECK(ask(R"({"events": [{"type": "child.borne"}]})").error().where == "/events/0/type");
  CHECK(ask(R"({"as_of": "2026-02-30"})").error().where == "/as_of");
  CHECK(ask(R"({"events": 3})").error().where == "/events");
  CHECK(ask(R"({"events": null})").error().where == "/events");
}

TEST_CASE("on a past day nothing is known that happened after it") {
  const char* later = R"({"citizen": {"birthdate": "1964-03-02", "nationality": "FR"},
    "as_of": "2024-05-02",
    "events": [{"type": "identity_document.issued", "occurred_on": "2024-05-03",
                "data": {"kind": "cni", "issued_on": "2012-05-14"}}]})";
  const auto refused = ask(later);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().where == "/events/0/occurred_on");
  CHECK(refused.error().code == "in_the_future");
  std::string same_day = later;
  same_day.replace(same_day.find("2024-05-03"), 10, "2024-05-02");
  CHECK(first_deadline(ask(same_day.c_str()).value()).at("due_on").as_string() == "2027-05-14");
}

TEST_CASE("an event without a day happened on the day that is asked about") {
  const auto answer = ask(R"({"citizen": {}, "as_of": "2024-05-02",
    "events": [{"type": "vehicle.registered",
                "data": {"id": "v1", "category": "M1", "first_registered_on": "2023-01-10"}},
               {"type": "address.changed", "data": {"insee": "75056"}}]})")
                          .value();
  std::string due_on;
  for (const auto& deadline : answer.body.at("deadlines").as_array()) {
    if (deadline.at("rule").as_string() == "fr.vehicle.carte_grise_adresse")
      due_on = deadline.at("due_on").as_string();
  }
  CHECK(due_on == "2024-06-02");
}
