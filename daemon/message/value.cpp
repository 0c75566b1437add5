// SPDX-License-Identifier: Apache-2.0
#include "message/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace rappel::message {
namespace {

constexpr std::int64_t number_max = 1'000'000'000'000;

tl::unexpected<Problem> wrong_type(std::string detail) {
  return refuse(ProblemKind::invalid, "wrong_value", std::move(detail));
}

std::optional<std::int64_t> whole_number(const boost::json::value& json) {
  if (json.is_int64()) return json.get_int64();
  if (json.is_uint64() && json.get_uint64() <= std::uint64_t(number_max))
    return std::int64_t(json.get_uint64());
  return std::nullopt;
}

Expected<std::int64_t> bounded(const boost::json::value& json, std::int64_t min,
                               const char* detail) {
  const auto number = whole_number(json);
  if (!number || *number < min || *number > number_max) return wrong_type(detail);
  return *number;
}

Expected<Value> texts_from(const boost::json::value& json) {
  if (!json.is_array()) return wrong_type("must be a list of texts");
  std::vector<std::string> items;
  for (const auto& item : json.get_array()) {
    if (!item.is_string()) return wrong_type("must be a list of texts");
    items.emplace_back(item.get_string());
  }
  return Value(std::move(items));
}

Expected<Value> date_from(const boost::json::value& json) {
  const auto date = json.is_string() ? parse_iso_date(std::string_view(json.get_string()))
                                     : std::optional<CivilDate>{};
  if (!date) return wrong_type("must be a date that exists, written YYYY-MM-DD");
  return Value(*date);
}

}  // namespace

const std::vector<std::string>& value_type_names() {
  static const std::vector<std::string> names{"text", "count", "date", "amount", "texts", "flag"};
  return names;
}

std::string_view to_string(ValueType type) {
  return value_type_names()[std::size_t(type)];
}

std::optional<ValueType> parse_value_type(std::string_view text) {
  const auto& names = value_type_names();
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return std::nullopt;
  return ValueType(found - names.begin());
}

bool is_empty(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return text->empty();
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) return texts->empty();
  return false;
}

boost::json::value to_json(const Value& value) {
  switch (type_of(value)) {
    case ValueType::text:
      return boost::json::value(std::get<std::string>(value));
    case ValueType::count:
      return boost::json::value(std::get<std::int64_t>(value));
    case ValueType::date:
      return boost::json::value(to_iso(std::get<CivilDate>(value)));
    case ValueType::amount:
      return boost::json::value(std::get<Cents>(value).count);
    case ValueType::flag:
      return boost::json::value(std::get<bool>(value));
    case ValueType::texts:
      break;
  }
  boost::json::array items;
  for (const auto& item : std::get<std::vector<std::string>>(value))
    items.push_back(boost::json::value(item));
  return items;
}

boost::json::object to_json(const Values& values) {
  boost::json::object object;
  for (const auto& [name, value] : values) object[name] = to_json(value);
  return object;
}

Expected<Value> value_from_json(ValueType type, const boost::json::value& json) {
  switch (type) {
    case ValueType::text:
      if (const auto number = whole_number(json)) return Value(std::to_string(*number));
      if (!json.is_string()) return wrong_type("must be a text");
      return Value(std::string(json.get_string()));
    case ValueType::count:
      return bounded(json, 0, "must be a whole number from 0 up").map([](auto n) {
        return Value(n);
      });
    case ValueType::amount:
      return bounded(json, -number_max, "must be a whole number of euro cents").map([](auto n) {
        return Value(Cents{n});
      });
    case ValueType::date:
      return date_from(json);
    case ValueType::texts:
      return texts_from(json);
    case ValueType::flag:
      break;
  }
  if (!json.is_bool()) return wrong_type("must be true or false");
  return Value(json.get_bool());
}

}  // namespace rappel::message
