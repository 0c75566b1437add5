// SPDX-License-Identifier: Apache-2.0
#include "notify/config_schema.hpp"

#include <doctest/doctest.h>

using namespace rappel;
using namespace rappel::notify;

namespace {

constexpr const char* schema = R"({
  "type": "object", "additionalProperties": false, "required": ["url"],
  "properties": {
    "url": {"type": "string", "minLength": 3, "maxLength": 20, "description": "where"},
    "retries": {"type": "integer", "minimum": 0, "maximum": 5},
    "ratio": {"type": "number", "minimum": 0.5},
    "is_quick": {"type": "boolean"},
    "mode": {"type": "string", "enum": ["form", "json"]},
    "form": {"type": "object", "additionalProperties": {"type": "string"}},
    "codes": {"type": "array", "maxItems": 2, "items": {"type": "integer"}}
  }
})";

/// "code where" of each problem, by spaces.
std::string codes(std::string_view config, std::string_view against = schema) {
  std::string all;
  const auto checked = check_config(config, against);
  if (checked) return all;
  for (const auto& problem : checked.error())
    all += (all.empty() ? "" : " ") + problem.code + problem.where;
  return all;
}

}  // namespace

TEST_CASE("a right configuration passes") {
  CHECK(codes(R"({"url":"http","retries":5,"ratio":1,"is_quick":true,"mode":"json",
                  "form":{"a":"b"},"codes":[1,2]})") == "");
}

TEST_CASE("each kind of mistake is found where it is") {
  CHECK(codes("{}") == "missing_key");
  CHECK(codes(R"({"url":7})") == "wrong_type/url");
  CHECK(codes(R"({"url":"ab"})") == "too_short/url");
  CHECK(codes(R"({"url":"abcdefghijklmnopqrstu"})") == "too_long/url");
  CHECK(codes(R"({"url":"abc","retries":6})") == "too_large/retries");
  CHECK(codes(R"({"url":"abc","retries":-1})") == "too_small/retries");
  CHECK(codes(R"({"url":"abc","retries":1.5})") == "wrong_type/retries");
  CHECK(codes(R"({"url":"abc","ratio":0.25})") == "too_small/ratio");
  CHECK(codes(R"({"url":"abc","mode":"xml"})") == "not_allowed/mode");
  CHECK(codes(R"({"url":"abc","form":{"a":1}})") == "wrong_type/form/a");
  CHECK(codes(R"({"url":"abc","codes":[1,"2",3]})") == "too_long/codes wrong_type/codes/1");
  CHECK(codes(R"({"url":"abc","uri":"abc"})") == "unknown_key/uri");
}

TEST_CASE("what is not a JSON object is malformed") {
  CHECK(codes("[]") == "malformed");
  CHECK(codes("{") == "malformed");
  CHECK(codes(std::string(40, '[')) == "malformed");
}

TEST_CASE("a schema with a keyword that is not checked is refused") {
  CHECK(codes(R"({"a":"x"})", R"({"type":"object","properties":{"a":{"pattern":"^x"}}})") ==
        "unsupported_schema/a");
  CHECK(codes("{}", "[]") == "unsupported_schema");
  CHECK(codes(R"({"a":1})", R"({"type":"object","properties":[]})") == "unsupported_schema");
}

TEST_CASE("a problem never repeats the value it complains about") {
  const auto checked = check_config(R"({"url":"abc","mode":"hunter2-secret"})", schema);
  REQUIRE_FALSE(checked);
  CHECK(to_string(checked.error()[0]).find("hunter2") == std::string::npos);
}
