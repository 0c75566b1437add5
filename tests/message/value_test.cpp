// SPDX-License-Identifier: Apache-2.0
#include "message/value.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "message/sample.hpp"

using namespace rappel;
using namespace rappel::message;

TEST_CASE("values survive the way into JSON and back") {
  const Values values{{"a", std::string("é")},
                      {"b", std::int64_t{3}},
                      {"c", test::date("2026-11-24")},
                      {"d", Cents{-1250}},
                      {"e", std::vector<std::string>{"x", "y"}},
                      {"f", true}};
  const auto json = to_json(values);
  CHECK(json.at("c").as_string() == "2026-11-24");
  CHECK(json.at("d").as_int64() == -1250);
  for (const auto& [name, value] : values)
    CHECK(value_from_json(type_of(value), json.at(name)).value() == value);
}

TEST_CASE("a value of another type is refused") {
  const auto refused = [](ValueType type, std::string_view json) {
    return !value_from_json(type, boost::json::parse(json));
  };
  CHECK(refused(ValueType::text, "true"));
  CHECK(refused(ValueType::count, "\"3\""));
  CHECK(refused(ValueType::count, "-1"));
  CHECK(refused(ValueType::count, "1.5"));
  CHECK(refused(ValueType::count, "18446744073709551615"));
  CHECK(refused(ValueType::date, "\"2026-02-29\""));
  CHECK(refused(ValueType::date, "20260228"));
  CHECK(refused(ValueType::amount, "\"12 €\""));
  CHECK(refused(ValueType::texts, "\"one\""));
  CHECK(refused(ValueType::texts, "[\"one\", 2]"));
  CHECK(refused(ValueType::flag, "1"));
}

TEST_CASE("a whole number given for a text is taken by its digits") {
  CHECK(std::get<std::string>(*value_from_json(ValueType::text, boost::json::value(2027))) ==
        "2027");
}

TEST_CASE("each type has a word and each word its type") {
  for (const auto& name : value_type_names()) CHECK(to_string(*parse_value_type(name)) == name);
  CHECK_FALSE(parse_value_type("string"));
}
