// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "api/office.hpp"

using namespace rappel;
using namespace rappel::api;
using namespace rappel::api::tests;

namespace {

/// Two notes wait for Alice: one by e-mail in an hour, one tomorrow.
void plan_two(Office& office) {
  REQUIRE(office.put_alice().status == 201);
  for (const char* at : {"2026-11-24T09:00:00Z", "2026-11-25T09:00:00Z"}) {
    const auto body = fmt::format(
        R"({{"citizen": "alice", "template": "caseworker_note", "send_at": "{}",
             "channels": ["email"], "values": {{"title": "Titre", "body": "Texte"}}}})",
        at);
    REQUIRE(office.call("POST", "/v1/reminders", body).status == 201);
  }
}

constexpr const char* today = R"({"ends_at": "2026-11-24T20:00:00Z"})";

std::string set_body(const std::string& more, int expected = 1) {
  return fmt::format(
      R"({{"ends_at": "2026-11-24T20:00:00Z", "author": "Mme Diallo", "comment": "panne", "expected": {}{}}})",
      expected, more.empty() ? "" : ", " + more);
}

std::string code_of(const WireResponse& answer) {
  return std::string(Office::json(answer).at("code").as_string());
}
std::string where_of(const WireResponse& answer) {
  return std::string(Office::json(answer).at("errors").at(0).at("pointer").as_string());
}

}  // namespace

TEST_CASE("the preview of a silence counts what waits in its window and shows samples") {
  Office office;
  plan_two(office);
  const auto answer = office.call("POST", "/v1/silences/preview", today);
  REQUIRE(answer.status == 200);
  const auto body = Office::json(answer);
  CHECK(body.at("matching").as_int64() == 1);
  CHECK(body.at("legal").as_int64() == 0);
  CHECK(body.at("complete").as_bool());
  REQUIRE(body.at("samples").as_array().size() == 1);
  CHECK(body.at("samples").at(0).at("template").as_string() == "caseworker_note");
  CHECK(body.at("samples").at(0).at("notifier").as_string() == "mail");
  CHECK(answer.body.find("alice") == std::string::npos);
  const auto other = office.call("POST", "/v1/silences/preview",
                                 R"({"matcher": {"notifier": "sms"}, "ends_at": "2026-11-24T20:00:00Z"})");
  CHECK(Office::json(other).at("matching").as_int64() == 0);
  const auto foreign = office.call("POST", "/v1/silences/preview", today, "", &office.other_key);
  CHECK(Office::json(foreign).at("matching").as_int64() == 0);
}

TEST_CASE("a silence is set with what its author saw and listed and ended early") {
  Office office;
  plan_two(office);
  const auto set = office.call("POST", "/v1/silences", set_body(R"("matcher": {"notifier": "mail"})"));
  REQUIRE(set.status == 201);
  const auto silence = Office::json(set);
  CHECK(silence.at("author").as_string() == "Mme Diallo");
  CHECK(silence.at("matcher").at("notifier").as_string() == "mail");
  CHECK(silence.at("starts_at").as_string() == "2026-11-24T08:00:00Z");
  CHECK(silence.at("preview").at("matching").as_int64() == 1);
  const std::string id(silence.at("id").as_string());
  const auto listed = Office::json(office.call("GET", "/v1/silences")).at("items").as_array();
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].at("id").as_string() == id);
  CHECK(Office::json(office.call("GET", "/v1/silences", "", "", &office.other_key))
            .at("items").as_array().empty());
  CHECK(office.call("DELETE", "/v1/silences/" + id, "", "", &office.other_key).status == 404);
  office.clock.set(office.clock.now() + std::chrono::hours{1});
  const auto ended = office.call("DELETE", "/v1/silences/" + id);
  CHECK(ended.status == 200);
  CHECK(Office::json(ended).at("ended_at").as_string() == "2026-11-24T09:00:00Z");
  CHECK(Office::json(office.call("GET", "/v1/silences")).at("items").as_array().empty());
}

TEST_CASE("what its author has not seen is not silenced") {
  Office office;
  plan_two(office);
  const auto refused = office.call("POST", "/v1/silences", set_body("", 0));
  CHECK(refused.status == 409);
  CHECK(code_of(refused) == "more_than_expected");
  CHECK(refused.body.find("1 reminders match") != std::string::npos);
  CHECK(Office::json(office.call("GET", "/v1/silences")).at("items").as_array().empty());
}

TEST_CASE("a silence without an end or an author or a comment or a preview is refused") {
  Office office;
  const auto refused = [&](const char* body) {
    const auto answer = office.call("POST", "/v1/silences", body);
    return fmt::format("{} {} {}", answer.status, code_of(answer), where_of(answer));
  };
  CHECK(refused(R"({"author": "a", "comment": "c", "expected": 0})") == "422 missing_field /ends_at");
  CHECK(refused(R"({"ends_at": "2026-11-24T20:00:00Z", "comment": "c", "expected": 0})") ==
        "422 missing_field /author");
  CHECK(refused(R"({"ends_at": "2026-11-24T20:00:00Z", "author": "a", "expected": 0})") ==
        "422 missing_field /comment");
  CHECK(refused(R"({"ends_at": "2026-11-24T20:00:00Z", "author": "a", "comment": "c"})") ==
        "422 missing_field /expected");
  CHECK(refused(R"({"ends_at": "2026-11-24T20:00:00Z", "author": "a", "comment": "c", "expected": "1"})") ==
        "422 wrong_type /expected");
}

TEST_CASE("a silence that means nothing is refused with the place and how to mend it") {
  Office office;
  const auto refused = [&](const char* body) {
    const auto answer = office.call("POST", "/v1/silences/preview", body);
    return fmt::format("{} {} {}", answer.status, code_of(answer), where_of(answer));
  };
  CHECK(refused(R"({"ends_at": "soon"})") == "422 not_an_instant /ends_at");
  CHECK(refused(R"({"ends_at": "2026-11-24T07:00:00Z"})") == "422 in_the_past /ends_at");
  CHECK(refused(R"({"starts_at": "2026-11-25T07:00:00Z", "ends_at": "2026-11-24T20:00:00Z"})") ==
        "422 before_its_start /ends_at");
  CHECK(refused(R"({"ends_at": "2027-11-24T20:00:00Z"})") == "422 too_long /ends_at");
  CHECK(refused(R"({"starts_at": "2028-11-24T19:00:00Z", "ends_at": "2028-11-24T20:00:00Z"})") ==
        "422 beyond_horizon /starts_at");
  CHECK(refused(R"({"matcher": {"rul": "x"}, "ends_at": "2026-11-24T20:00:00Z"})") ==
        "422 unknown_field /matcher/rul");
  CHECK(refused(R"({"matcher": {"rule": "FR tax"}, "ends_at": "2026-11-24T20:00:00Z"})") ==
        "422 not_a_rule /matcher/rule");
  CHECK(refused(R"({"matcher": {"departement": "99"}, "ends_at": "2026-11-24T20:00:00Z"})") ==
        "422 not_a_departement /matcher/departement");
  CHECK(refused(R"({"matcher": [], "ends_at": "2026-11-24T20:00:00Z"})") == "422 wrong_type /matcher");
  CHECK(office.call("POST", "/v1/silences/preview", "{").status == 400);
  CHECK(office.call("DELETE", "/v1/silences/nobody").status == 404);
  CHECK(office.call("GET", "/v1/silences?limit=3").status == 400);
}
