// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/instant.hpp"
#include "base/problem.hpp"

namespace rappel::message {

/// What a placeholder of a template holds. The word in brackets is the one written in YAML.
enum class ValueType {
  text,    ///< [text] one line, unless the placeholder says multiline
  count,   ///< [count] a whole number, for plurals
  date,    ///< [date] a day without hour
  amount,  ///< [amount] euro cents
  texts,   ///< [texts] a list of lines
  flag     ///< [flag] yes or no; chooses a section, is never printed
};

std::string_view to_string(ValueType type);
std::optional<ValueType> parse_value_type(std::string_view text);
const std::vector<std::string>& value_type_names();

/// Euro cents: a type of its own, so that an amount is never taken for a count.
struct Cents {
  std::int64_t count = 0;
  bool operator==(const Cents&) const = default;
};

/// A typed value. The order of the alternatives is the order of ValueType.
using Value =
    std::variant<std::string, std::int64_t, CivilDate, Cents, std::vector<std::string>, bool>;
using Values = std::map<std::string, Value, std::less<>>;

inline ValueType type_of(const Value& value) {
  return ValueType(value.index());
}

/// True for an empty text and an empty list: they count as not given.
bool is_empty(const Value& value);

/// Dates become "2026-11-24", amounts a number of cents. The type is not written down: the
/// template's declaration tells it when the value is read back.
boost::json::value to_json(const Value& value);
boost::json::object to_json(const Values& values);

/// Reads a value of a known type. A whole number given for a text is taken by its digits: a year is
/// written "2026", never counted like a count ("2 026"). The problem's `where` is left to the
/// caller.
Expected<Value> value_from_json(ValueType type, const boost::json::value& json);

}  // namespace rappel::message
