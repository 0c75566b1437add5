// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>
#include <string>

#include "api/json_reader.hpp"

using namespace rappel;
using namespace rappel::api;

namespace {

/// The refusal of a body, or an empty problem when it was read.
Problem refusal(const std::string& body) {
  auto read = read_json_object(body);
  if (read) return {};
  return read.error();
}

std::string code(const std::string& body) { return refusal(body).code; }

std::string nested(std::size_t depth) {
  std::string text = "1";
  for (std::size_t i = 0; i < depth; ++i) text = "[" + text + "]";
  return "{\"a\":" + text + "}";
}

}  // namespace

TEST_CASE("an object is read as it was written") {
  const std::string body =
      R"({"text":"h\u00e9 \ud83d\ude00","list":[1,-2,3.5,true,null,{"a":{}}],"empty":[]})";
  const auto read = read_json_object(body);
  REQUIRE(read);
  CHECK(boost::json::serialize(*read) ==
        R"({"text":"hé 😀","list":[1,-2,3.5E0,true,null,{"a":{}}],"empty":[]})");
}

TEST_CASE("what is not JSON is malformed and its place is named") {
  for (const std::string body : {"hello", "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":1,}", "{'a':1}",
                                 "{\"a\":01}", "{\"a\":1}x", "{\"a\":1}{}", "{\"a\":", "\xef\xbb\xbf{}",
                                 "{\"a\":\"\n\"}", "{\"a\":\"\\ud800\"}", "/**/{}"}) {
    CHECK_MESSAGE(code(body) == "bad_json", body);
    CHECK(refusal(body).kind == ProblemKind::malformed);
  }
  CHECK(code("") == "empty_body");
  CHECK(refusal("{\"a\": 1,\n  \"b\": ?}").detail.find("line 2, column 8 (byte 16)") !=
        std::string::npos);
}

TEST_CASE("bytes that are not UTF-8 are malformed") {
  for (const std::string bytes : {"\xff\xfe", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x82"})
    CHECK(code("{\"name\":\"" + bytes + "\"}") == "bad_json");
}

TEST_CASE("a key given twice is refused wherever it is") {
  CHECK(code(R"({"citizen":"A","citizen":"B"})") == "duplicate_key");
  const auto problem = refusal(R"({"a":[{"b":1},{"b":1,"c":2,"\u0062":3}]})");
  CHECK(problem.code == "duplicate_key");
  CHECK(problem.where == "/a/1/b");
  CHECK(problem.kind == ProblemKind::malformed);
  CHECK(code(R"({"a":{"x":1},"b":{"x":1}})").empty());
}

TEST_CASE("nesting is bounded") {
  CHECK(code(nested(json_depth_max - 1)).empty());
  CHECK(code(nested(json_depth_max)) == "too_deep");
  CHECK(code(nested(2000)) == "too_deep");
  CHECK(code(std::string(100'000, '[')) == "too_deep");
}

TEST_CASE("the top level is an object") {
  for (const std::string body : {"3", "null", "[]", "\"text\"", "true"}) {
    CHECK(code(body) == "not_an_object");
    CHECK(refusal(body).kind == ProblemKind::invalid);
    CHECK(refusal(body).where.empty());
  }
}

TEST_CASE("a number that does not fit is refused and not rounded") {
  for (const std::string number :
       {"18446744073709551616", "18446744073709551615", "-9223372036854775809", "1e999"}) {
    const auto problem = refusal("{\"days\":[0," + number + "]}");
    CHECK_MESSAGE(problem.code == "number_out_of_range", number);
    CHECK(problem.where == "/days/1");
    CHECK(problem.kind == ProblemKind::invalid);
  }
  CHECK(code("{\"days\":9223372036854775807}").empty());
  CHECK(code("{\"days\":-0}").empty());
}

TEST_CASE("the null character and floods of marks are refused with their pointer") {
  CHECK(refusal(R"({"a/b":{"c~d":"x\u0000y"}})").where == "/a~1b/c~0d");
  CHECK(code(R"({"name":"x\u0000y"})") == "null_character");
  CHECK(code(R"({"x\u0000y":1})") == "null_character");
  std::string flood = "{\"name\":\"Z";
  for (std::size_t i = 0; i <= mark_run_max; ++i) flood += "\\u0301";
  CHECK(code(flood + "\"}") == "mark_flood");
  CHECK(code(R"({"name":"Vie\u0302\u0323t Zo\u0308e"})").empty());
}

TEST_CASE("a long text in many pieces is put together") {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "a\\n\\u00e9";
  const auto read = read_json_object("{\"name\":\"" + text + "\"}");
  REQUIRE(read);
  CHECK(read->at("name").as_string().size() == 20'000 * 4);
}
