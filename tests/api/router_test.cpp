// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "api/query.hpp"
#include "api/router.hpp"

using namespace rappel;
using namespace rappel::api;

namespace {

Router example() {
  Router router;
  router.add("GET", "/v1/citizens/{ref}");
  router.add("PUT", "/v1/citizens/{ref}");
  router.add("GET", "/v1/citizens/{ref}/deadlines");
  router.add("POST", "/v1/reminders");
  return router;
}

int status(const Router& router, std::string_view method, std::string_view path) {
  const auto match = router.match(method, path);
  return match ? 200 : match.error().status;
}

}  // namespace

TEST_CASE("a path finds its route and its parameters decoded") {
  const auto router = example();
  const auto match = router.match("GET", "/v1/citizens/a%2Fb%20%C3%A9/deadlines");
  REQUIRE(match);
  CHECK(match->route == 2);
  CHECK(match->parameters == std::vector<std::string>{"a/b é"});
  CHECK(router.match("PUT", "/v1/citizens/x")->route == 1);
  CHECK(router.match("HEAD", "/v1/citizens/x")->route == 0);
}

TEST_CASE("an unknown path is 404 and a known one for other methods is 405 with Allow") {
  const auto router = example();
  for (const char* path : {"/", "/v1", "/v1/citizens", "/v1/citizens/", "/v1/citizens/x/", "//v1/reminders",
                           "/v1/citizens/x/deadlines/y", "/v1/../v1/reminders"})
    CHECK_MESSAGE(status(router, "GET", path) == 404, path);
  const auto match = router.match("DELETE", "/v1/citizens/x");
  REQUIRE_FALSE(match);
  CHECK(match.error().status == 405);
  CHECK(match.error().headers.at(0).name == "Allow");
  CHECK(match.error().headers.at(0).value == "GET, PUT");
}

TEST_CASE("a segment that cannot be decoded is 400") {
  const auto router = example();
  for (const char* path : {"/v1/citizens/%", "/v1/citizens/%4", "/v1/citizens/%zz", "/v1/citizens/%00",
                           "/v1/citizens/a%0d%0ab", "/v1/citizens/%ff", "/v1/citizens/%c0%af",
                           "/v1/citizens/%ed%a0%80", "/v1/citizens/%7f"})
    CHECK_MESSAGE(status(router, "GET", path) == 400, path);
}

TEST_CASE("what was encoded twice is decoded once") {
  CHECK(example().match("GET", "/v1/citizens/%2561")->parameters.at(0) == "%61");
}

TEST_CASE("a query is names and values each given once") {
  const auto query = parse_query("limit=2&cursor=a%3Db&flag");
  REQUIRE(query);
  CHECK(query->at("limit") == "2");
  CHECK(query->at("cursor") == "a=b");
  CHECK(query->at("flag").empty());
  CHECK(parse_query("")->empty());
  for (const char* text : {"a=1&a=2", "=1", "a=%zz", "&&", "a=%00"})
    CHECK_FALSE(parse_query(text));
}

TEST_CASE("a cursor is accepted for its own list and tenant and nowhere else") {
  const auto tenant = TenantId::random();
  const auto shown = shown_cursor("17.abc", tenant, "/v1/tasks");
  const auto read = [&](const std::string& cursor, TenantId who, const char* list) {
    return page_request({{"cursor", cursor}, {"limit", "7"}}, who, list);
  };
  const auto page = read(shown, tenant, "/v1/tasks");
  REQUIRE(page);
  CHECK(page->cursor == "17.abc");
  CHECK(page->limit == 7);
  CHECK(shown_cursor("", tenant, "/v1/tasks").empty());
  CHECK_FALSE(read(shown, TenantId::random(), "/v1/tasks"));
  CHECK_FALSE(read(shown, tenant, "/v1/citizens/x/events"));
  CHECK_FALSE(read("AAAA", tenant, "/v1/tasks"));
  CHECK_FALSE(read(std::string(2000, 'A'), tenant, "/v1/tasks"));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    auto wrong = shown;
    wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
    CHECK_FALSE(read(wrong, tenant, "/v1/tasks"));
  }
}

TEST_CASE("a limit is a number from 1 to 200 and lists take no other parameter") {
  const auto tenant = TenantId::random();
  for (const char* limit : {"0", "201", "-1", "1.5", "", "ten", "99999999999999999999", " 1"})
    CHECK_MESSAGE(!page_request({{"limit", limit}}, tenant, "/x"), limit);
  CHECK(page_request({{"limit", "200"}}, tenant, "/x")->limit == 200);
  CHECK_FALSE(page_request({{"sort", "password"}}, tenant, "/x"));
}
