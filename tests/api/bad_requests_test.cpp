// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "api/office.hpp"

using namespace rappel;
using namespace rappel::api;
using rappel::api::tests::Office;
using rappel::api::tests::Wire;
using rappel::api::tests::WireResponse;

namespace {

boost::json::array cases() {
  std::ifstream file(RAPPEL_SOURCE_DIR "/tests/api/data/bad_requests.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return boost::json::parse(text).as_array();
}

/// A text, or {before, repeat, times, after}.
std::string text_of(const boost::json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  const auto& recipe = value.as_object();
  const auto part = [&](const char* name) {
    const auto* found = recipe.if_contains(name);
    return found == nullptr ? std::string() : std::string(found->as_string());
  };
  std::string text = part("before");
  const auto repeated = part("repeat");
  for (std::int64_t i = 0; i < recipe.at("times").as_int64(); ++i) text += repeated;
  return text + part("after");
}

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += char(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

std::string body_of(const boost::json::object& item) {
  if (const auto* hex = item.if_contains("body_hex")) return from_hex(text_of(*hex));
  const auto* body = item.if_contains("body");
  return body == nullptr ? "" : text_of(*body);
}

WireResponse send(Office& office, const boost::json::object& item) {
  if (const auto* raw = item.if_contains("raw")) return Wire(office.server->port()).ask(text_of(*raw));
  const auto route = text_of(item.at("route"));
  const auto space = route.find(' ');
  std::string headers;
  if (const auto* type = item.if_contains("type"))
    headers += "Content-Type: " + text_of(*type) + "\r\n";
  std::string key = office.key;
  if (const auto* authorization = item.if_contains("authorization")) {
    key.clear();
    if (!authorization->is_null())
      headers += "Authorization: " + text_of(*authorization) + "\r\n";
  }
  return office.call(route.substr(0, space), route.substr(space + 1), body_of(item), headers, &key);
}

void check_answer(const boost::json::object& item, const WireResponse& answer) {
  const auto name = text_of(item.at("name"));
  bool expected = false;
  for (const auto& status : item.at("expect").as_array())
    expected = expected || status.as_int64() == answer.status;
  CHECK_MESSAGE(expected, name << " got " << answer.status << " " << answer.body);
  if (answer.status < 400) return;
  CHECK_MESSAGE(answer.headers.at("content-type") == "application/problem+json", name);
  const auto problem = Office::json(answer);
  CHECK(problem.at("status").as_int64() == answer.status);
  if (const auto* pointer = item.if_contains("pointer")) {
    REQUIRE_MESSAGE(problem.contains("errors"), name);
    const auto& error = problem.at("errors").as_array().at(0).as_object();
    CHECK_MESSAGE(error.at("pointer").as_string() == pointer->as_string(), name);
  }
}

}  // namespace

TEST_CASE("every bad request gets the answer of its class and changes nothing") {
  Office office;
  REQUIRE(office.put_alice().status == 201);
  const auto before = office.call("GET", "/v1/citizens/alice/events").body;
  const auto all = cases();
  CHECK(all.size() >= 50);
  for (const auto& item : all) check_answer(item.as_object(), send(office, item.as_object()));
  CHECK(office.call("GET", "/v1/citizens/alice/events").body == before);
  CHECK(office.store.counts().citizens == 1);
  CHECK(office.call("GET", "/v1/citizens/alice/reminders").body ==
        R"({"items":[],"next":null})");
}
