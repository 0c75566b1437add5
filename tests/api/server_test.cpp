// SPDX-License-Identifier: Apache-2.0
#include "api/server.hpp"

#include <doctest/doctest.h>

#include <set>

#include "api/office.hpp"

using namespace rappel;
using namespace rappel::api;
using rappel::api::tests::Office;
using rappel::api::tests::WireResponse;

namespace {

const std::string note =
    R"({"citizen":"alice","template":"caseworker_note","send_at":"2026-12-01T09:00:00Z",)"
    R"("values":{"title":"Dossier","body":"Merci."}})";

std::string code(const WireResponse& answer) {
  return std::string(Office::json(answer).at("code").as_string());
}

std::string first_pointer(const WireResponse& answer) {
  return std::string(
      Office::json(answer).at("errors").as_array().at(0).as_object().at("pointer").as_string());
}

/// A problem without what differs from request to request.
std::string without_instance(const WireResponse& answer) {
  auto body = Office::json(answer);
  body.erase("instance");
  return boost::json::serialize(body);
}

}  // namespace

TEST_CASE("a citizen is created and changed and read with a version") {
  Office office;
  CHECK(office.put_alice().status == 201);
  CHECK(office.put_alice().status == 200);
  const auto answer = office.call("GET", "/v1/citizens/alice");
  REQUIRE(answer.status == 200);
  CHECK(answer.headers.at("content-type") == "application/json");
  CHECK(answer.headers.at("cache-control") == "no-store");
  const auto body = Office::json(answer);
  CHECK(body.at("reference").as_string() == "alice");
  CHECK(answer.headers.at("etag") == fmt::format("\"{}\"", body.at("version").to_number<int>()));
}

TEST_CASE("events are recorded and listed") {
  Office office;
  office.put_alice();
  const auto posted = office.call(
      "POST", "/v1/citizens/alice/events",
      R"({"type":"identity_document.issued","occurred_on":"2020-03-02",)"
      R"("data":{"id":"cni-1","kind":"cni","issued_on":"2020-03-02"}})");
  CHECK_MESSAGE(posted.status == 201, posted.body);
  const auto listed = Office::json(office.call("GET", "/v1/citizens/alice/events"));
  CHECK(listed.at("items").as_array().size() == 2);
  CHECK(listed.at("next").is_null());
  for (const char* list : {"deadlines", "reminders", "inbox"})
    CHECK(office.call("GET", fmt::format("/v1/citizens/alice/{}", list)).status == 200);
}

TEST_CASE("a deadline is read with its reasons and as a page") {
  Office office;
  office.put_alice();
  office.call("POST", "/v1/citizens/alice/events",
              R"({"type":"document.requested","occurred_on":"2026-11-20","data":{"claim":"b",)"
              R"("label":"bourse","documents":["RIB"],"due_on":"2036-12-12"}})");
  const auto listed = Office::json(office.call("GET", "/v1/citizens/alice/deadlines"));
  const auto& deadline = listed.at("items").as_array().at(0).as_object();
  const auto path =
      "/v1/citizens/alice/deadlines/" + std::string(deadline.at("id").as_string());
  CHECK(Office::json(office.call("GET", path)) == deadline);

  const auto page = office.call("GET", path + "/explanation");
  REQUIRE(page.status == 200);
  CHECK(page.headers.at("content-type") == "text/html; charset=utf-8");
  CHECK(page.headers.at("content-security-policy").find("default-src 'none'") == 0);
  CHECK(page.body.find("<html lang=\"fr\">") != std::string::npos);
  const auto plain = office.call("GET", path + "/explanation", "",
                                 "Accept: text/plain\r\nAccept-Language: en-GB\r\n");
  CHECK(plain.headers.at("content-language") == "en");
  CHECK(plain.body.find("Deadline: Friday 12 December 2036.") != std::string::npos);

  const auto none = "/v1/citizens/alice/deadlines/" + DeadlineId::random(Shard{1}).to_string();
  for (const auto& unknown : {none, none + "/explanation", none + "x"}) {
    CHECK(office.call("GET", unknown).status == 404);
    CHECK(Office::json(office.call("GET", unknown)).at("code") == "unknown_deadline");
  }
  CHECK(office.call("GET", path, "", "", &office.other_key).status == 404);
}

TEST_CASE("a reminder is scheduled and read and withdrawn") {
  Office office;
  office.put_alice();
  const auto answer = office.call("POST", "/v1/reminders", note);
  REQUIRE_MESSAGE(answer.status == 201, answer.body);
  const auto planned = Office::json(answer);
  const auto id = std::string(
      planned.at("reminders").as_array().at(0).as_object().at("id").as_string());
  const auto path = "/v1/reminders/" + id;
  CHECK(Office::json(office.call("GET", path)).at("state").as_string() == "planned");
  CHECK(Office::json(office.call("GET", path + "/deliveries")).at("items").as_array().empty());
  CHECK(office.call("DELETE", path).status == 200);
  CHECK(Office::json(office.call("GET", path)).at("state").as_string() == "cancelled");
}

TEST_CASE("a list is read page by page without a gap or a repetition") {
  Office office;
  office.put_alice();
  for (int i = 0; i < 5; ++i) REQUIRE(office.call("POST", "/v1/reminders", note).status == 201);
  std::set<std::string> seen;
  std::string cursor;
  int pages = 0;
  do {
    const auto page = Office::json(office.call(
        "GET", "/v1/citizens/alice/reminders?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor)));
    for (const auto& item : page.at("items").as_array())
      CHECK(seen.insert(std::string(item.as_object().at("id").as_string())).second);
    cursor = page.at("next").is_null() ? "" : std::string(page.at("next").as_string());
    ++pages;
  } while (!cursor.empty() && pages < 10);
  CHECK(seen.size() == 5);
  CHECK(pages == 3);
}

TEST_CASE("bad cursors and limits and parameters are 400") {
  Office office;
  office.put_alice();
  for (const char* query : {"cursor=AAAA", "limit=0", "limit=201", "sort=password", "limit=1&limit=2",
                            "cursor=%00"})
    CHECK(office.call("GET", fmt::format("/v1/citizens/alice/reminders?{}", query)).status == 400);
  CHECK(office.call("GET", "/v1/citizens/alice?verbose=1").status == 400);
}

TEST_CASE("the same idempotency key gives the same answer once and for another request a conflict") {
  Office office;
  office.put_alice();
  const std::string header = "Idempotency-Key: k-1\r\n";
  const auto first = office.call("POST", "/v1/reminders", note, header);
  const auto second = office.call("POST", "/v1/reminders", note, header);
  REQUIRE(first.status == 201);
  CHECK(second.status == 201);
  CHECK(second.body == first.body);
  CHECK(first.headers.count("idempotent-replayed") == 0);
  CHECK(second.headers.at("idempotent-replayed") == "true");
  auto other = note;
  other.replace(other.find("Merci"), 5, "Autre");
  CHECK(office.call("POST", "/v1/reminders", other, header).status == 409);
  const auto listed = Office::json(office.call("GET", "/v1/citizens/alice/reminders"));
  CHECK(listed.at("items").as_array().size() == 1);
  for (const std::string& key : {std::string(), std::string(256, 'k')})
    CHECK(code(office.call("POST", "/v1/reminders", note, "Idempotency-Key: " + key + "\r\n")) ==
          "bad_idempotency_key");
}

TEST_CASE("what is wrong in a body is named by its pointer") {
  Office office;
  office.put_alice();
  auto mistyped = note;
  mistyped.replace(mistyped.find("send_at"), 7, "sned_at");
  const auto answer = office.call("POST", "/v1/reminders", mistyped);
  CHECK(answer.status == 422);
  CHECK(answer.headers.at("content-type") == "application/problem+json");
  CHECK(Office::json(answer).at("type").as_string().starts_with("urn:rappel:problem:"));
  const auto scalar = office.call("POST", "/v1/reminders", "3");
  CHECK(scalar.status == 422);
  CHECK(first_pointer(scalar).empty());
  const auto tenant = office.call("PUT", "/v1/citizens/bob", R"({"tenant":"other"})");
  CHECK(tenant.status == 422);
  CHECK(first_pointer(tenant) == "/tenant");
}

TEST_CASE("only JSON in UTF-8 is taken") {
  Office office;
  for (const char* type : {"text/plain", "multipart/form-data; boundary=x", "application/jsonp",
                           "application/json; charset=latin1"}) {
    const auto header = fmt::format("Content-Type: {}\r\n", type);
    CHECK(office.call("PUT", "/v1/citizens/alice", Office::alice, header).status == 415);
  }
  CHECK(office.call("PUT", "/v1/citizens/alice", Office::alice,
                    "Content-Type: Application/JSON; charset=\"UTF-8\"\r\n").status == 201);
}

TEST_CASE("what belongs to another tenant is what does not exist") {
  Office office;
  office.put_alice();
  const auto planned = Office::json(office.call("POST", "/v1/reminders", note));
  const auto id = std::string(
      planned.at("reminders").as_array().at(0).as_object().at("id").as_string());
  const auto as_other = [&](std::string_view method, const std::string& target) {
    return office.call(method, target, "", "", &office.other_key);
  };
  for (const char* more : {"", "/events", "/deadlines", "/reminders", "/inbox"}) {
    const auto theirs = as_other("GET", fmt::format("/v1/citizens/alice{}", more));
    const auto nobodys = as_other("GET", fmt::format("/v1/citizens/nobody{}", more));
    CHECK(theirs.status == 404);
    CHECK(without_instance(theirs) == without_instance(nobodys));
  }
  const auto unknown = ReminderId::random(Shard{1}).to_string();
  for (const char* method : {"GET", "DELETE"}) {
    const auto theirs = as_other(method, "/v1/reminders/" + id);
    CHECK(theirs.status == 404);
    CHECK(without_instance(theirs) == without_instance(as_other(method, "/v1/reminders/" + unknown)));
  }
  CHECK(as_other("GET", "/v1/reminders/" + id + "/deliveries").status == 404);
  CHECK(as_other("GET", "/v1/deliveries/" + id).status == 404);
  CHECK(office.call("GET", "/v1/reminders/" + id).status == 200);
  CHECK(office.call("PUT", "/v1/citizens/alice", Office::alice, "", &office.other_key).status == 201);
}

TEST_CASE("a database that is away is 503 with a time to come back and no word of why") {
  Office office;
  office.put_alice();
  office.call("GET", "/v1/citizens/alice");
  office.store_is_away = true;
  const auto answer = office.call("GET", "/v1/citizens/alice");
  office.store_is_away = false;
  CHECK(answer.status == 503);
  CHECK(answer.headers.count("retry-after") == 1);
  CHECK(answer.body.find("password") == std::string::npos);
  CHECK(office.call("GET", "/v1/citizens/alice").status == 200);
}

TEST_CASE("health and readiness and metrics need no key") {
  Office office;
  const std::string nobody;
  const auto open = [&](std::string_view target) {
    return office.call("GET", target, "", "", &nobody);
  };
  CHECK(open("/healthz").status == 200);
  CHECK(open("/readyz").status == 200);
  office.troubles = {"the database does not answer", "no shard is owned yet"};
  const auto not_ready = open("/readyz");
  CHECK(not_ready.status == 503);
  CHECK(not_ready.body.find("no shard is owned yet") != std::string::npos);
  CHECK(open("/healthz").status == 200);
  const auto text = open("/metrics").body;
  CHECK(text.find("rappel_http_requests_total{method=\"GET\",route=\"/readyz\",status=\"5xx\"} 1") !=
        std::string::npos);
  CHECK(text.find("route=\"/v1/reminders\",status=\"2xx\"} 0") != std::string::npos);
  CHECK(open("/lanes").status == 200);
  CHECK(open("/lanes").body == R"({"lanes":[]})");
  CHECK(open("/v1/tasks").status == 401);
}

TEST_CASE("unknown paths and wrong methods are told apart") {
  Office office;
  CHECK(office.call("GET", "/v2/citizens/alice").status == 404);
  const auto answer = office.call("DELETE", "/v1/citizens/alice");
  CHECK(answer.status == 405);
  CHECK(answer.headers.at("allow") == "PUT, GET");
}
