// SPDX-License-Identifier: Apache-2.0
#include "profile/shape.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <vector>

#include "base/instant.hpp"
#include "base/nearest.hpp"
#include "calendar/period.hpp"
#include "profile/place.hpp"

namespace rappel::profile {
namespace {

namespace json = boost::json;
using Answer = Expected<json::value>;

tl::unexpected<Problem> wrong(const std::string& pointer, std::string code, std::string detail,
                              std::string mend = {}) {
  return refuse(ProblemKind::invalid, std::move(code), std::move(detail), pointer, std::move(mend));
}

std::string hint(std::string_view mistyped, const std::vector<std::string>& known) {
  const auto nearest = nearest_name(mistyped, known);
  return nearest.empty() ? fmt::format("known: {}", fmt::join(known, ", "))
                         : fmt::format("did you mean \"{}\"?", nearest);
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

Answer check_date(std::string_view text, const std::string& pointer) {
  const auto date = parse_iso_date(text);
  if (!date)
    return wrong(pointer, "not_a_date", fmt::format("\"{}\" is not a date that exists", text),
                 "write YYYY-MM-DD");
  const int year = int(date->year());
  if (year < year_min || year > year_max)
    return wrong(pointer, "date_out_of_range",
                 fmt::format("the year must lie from {} to {}", year_min, year_max));
  return json::value(to_iso(*date));
}

bool is_time(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return false;
  for (const std::size_t place : {0, 1, 3, 4}) {
    if (text[place] < '0' || text[place] > '9') return false;
  }
  return text.substr(0, 2) <= "23" && text[3] <= '5';
}

bool is_country(std::string_view text) {
  return text.size() == 2 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_positive_period(std::string_view text) {
  const auto period = calendar::parse_period(text);
  return period && *period != calendar::Period{} && period->years >= 0 && period->months >= 0 &&
         period->days >= 0;
}

Answer check_choice(const Field& field, std::string_view text, const std::string& pointer) {
  if (std::find(field.choices.begin(), field.choices.end(), text) != field.choices.end())
    return json::value(text);
  const std::vector<std::string> known(field.choices.begin(), field.choices.end());
  return wrong(pointer, "unknown_value", "is not one of the values known here", hint(text, known));
}

Answer placed(Expected<std::string> text, const std::string& pointer) {
  if (text) return json::value(*text);
  Problem problem = text.error();
  problem.where = pointer;
  return tl::unexpected(std::move(problem));
}

/// A text whose form its type fixes; nothing to say when it is right or has no fixed form.
std::optional<Problem> wrong_form(FieldType type, std::string_view text) {
  const auto form = [](std::string code, std::string detail, std::string mend = {}) {
    return Problem{ProblemKind::invalid, std::move(code), std::move(detail), {}, std::move(mend)};
  };
  if (type == FieldType::time && !is_time(text))
    return form("not_a_time", "must be HH:MM, from 00:00 to 23:59");
  if (type == FieldType::period && !is_positive_period(text))
    return form("not_a_period", "must be a delay such as P30D or P2M");
  if (type == FieldType::insee && !is_insee_code(text))
    return form("not_an_insee_code", "must be the INSEE code of a commune",
                "five characters such as 75056, 2A004 or 97411; not the postcode");
  if (type == FieldType::country && !is_country(text))
    return form("not_a_country", "must be two capital letters such as FR");
  if (type == FieldType::topic && !is_topic(text))
    return form("not_a_topic", "must be a lower-case word such as identity");
  return std::nullopt;
}

Answer check_text(const Field& field, std::string_view text, const std::string& pointer) {
  if (has_control(text))
    return wrong(pointer, "control_character", "holds a control character such as a line break");
  if (std::int64_t(text.size()) > field.max)
    return wrong(pointer, "too_long", fmt::format("is longer than {} bytes", field.max));
  if (text.empty())
    return wrong(pointer, "empty_text", "is empty", "leave it out when it is unknown");
  if (field.type == FieldType::date) return check_date(text, pointer);
  if (field.type == FieldType::choice) return check_choice(field, text, pointer);
  if (field.type == FieldType::email) return placed(normalise_email(text), pointer);
  if (auto problem = wrong_form(field.type, text)) {
    problem->where = pointer;
    return tl::unexpected(std::move(*problem));
  }
  return json::value(text);
}

Answer check_integer(const Field& field, const json::value& value, const std::string& pointer) {
  if (value.is_int64() && value.get_int64() >= field.min && value.get_int64() <= field.max)
    return value;
  return wrong(pointer, value.is_number() ? "out_of_range" : "wrong_type",
               fmt::format("must be a whole number from {} to {}", field.min, field.max));
}

Answer check_one(const Field& field, const json::value& value, const std::string& pointer) {
  if (field.type == FieldType::integer) return check_integer(field, value, pointer);
  if (field.type == FieldType::boolean) {
    if (value.is_bool()) return value;
    return wrong(pointer, "wrong_type", "must be true or false");
  }
  if (field.type == FieldType::object) {
    if (!value.is_object()) return wrong(pointer, "wrong_type", "must be an object");
    auto object = check_shape(*field.shape, value.get_object(), pointer);
    if (!object) return tl::unexpected(object.error());
    return json::value(std::move(*object));
  }
  if (!value.is_string()) return wrong(pointer, "wrong_type", "must be a text");
  return check_text(field, value.get_string(), pointer);
}

Answer check_list(const Field& field, const json::value& value, const std::string& pointer) {
  if (!value.is_array()) return wrong(pointer, "wrong_type", "must be a list");
  const auto& items = value.get_array();
  if (items.size() > list_items_max)
    return wrong(pointer, "too_many", fmt::format("holds more than {} items", list_items_max));
  json::array checked;
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto item = check_one(field, items[i], fmt::format("{}/{}", pointer, i));
    if (!item) return item;
    checked.push_back(std::move(*item));
  }
  return json::value(std::move(checked));
}

Answer check_field(const Field& field, const json::value& value, const std::string& pointer) {
  if (value.is_null()) {
    if (field.nullable) return value;
    return wrong(pointer, "wrong_type", "cannot be null here", "leave it out when it is unknown");
  }
  return field.list ? check_list(field, value, pointer) : check_one(field, value, pointer);
}

/// A member's name inside a JSON pointer (RFC 6901), cut short: it comes from outside.
std::string pointer_part(std::string_view name) {
  constexpr std::size_t name_bytes_shown = 64;
  std::string part;
  for (const char c : name.substr(0, name_bytes_shown)) {
    if (c == '~')
      part += "~0";
    else if (c == '/')
      part += "~1";
    else
      part += c;
  }
  return part;
}

const Field* find_field(const Shape& shape, std::string_view name) {
  const auto found = std::find_if(shape.fields.begin(), shape.fields.end(),
                                  [&](const Field& field) { return field.name == name; });
  return found == shape.fields.end() ? nullptr : &*found;
}

std::vector<std::string> names_of(const Shape& shape) {
  std::vector<std::string> names;
  for (const auto& field : shape.fields) names.emplace_back(field.name);
  return names;
}

}  // namespace

bool is_topic(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Expected<json::object> check_shape(const Shape& shape, const json::object& object,
                                   const std::string& pointer) {
  json::object checked;
  for (const auto& [name, value] : object) {
    const auto where = pointer + "/" + pointer_part(name);
    const Field* field = find_field(shape, name);
    if (field == nullptr)
      return wrong(where, "unknown_field", fmt::format("is not a field of {}", shape.name),
                   hint(name, names_of(shape)));
    auto answer = check_field(*field, value, where);
    if (!answer) return tl::unexpected(answer.error());
    checked[name] = std::move(*answer);
  }
  for (const auto& field : shape.fields) {
    if (field.required && !checked.contains(field.name))
      return wrong(pointer + "/" + std::string(field.name), "missing_field",
                   fmt::format("is required in {}", shape.name));
  }
  return checked;
}

}  // namespace rappel::profile
