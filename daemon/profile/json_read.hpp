// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <chrono>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.hpp"
#include "profile/channel.hpp"

// Reading JSON whose shape was checked before: an unexpected type is a broken store and throws.

namespace rappel::profile::read {

namespace json = boost::json;

inline const json::value* member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

inline std::string text(const json::object& object, std::string_view name) {
  const auto* value = member(object, name);
  return value == nullptr ? std::string() : std::string(value->as_string());
}

inline CivilDate as_date(std::string_view text) {
  const auto date = parse_iso_date(text);
  if (!date) throw std::runtime_error("a stored date cannot be read");
  return *date;
}

inline std::optional<CivilDate> date(const json::object& object, std::string_view name) {
  const auto* value = member(object, name);
  if (value == nullptr) return std::nullopt;
  return as_date(value->as_string());
}

inline std::optional<bool> boolean(const json::object& object, std::string_view name) {
  const auto* value = member(object, name);
  if (value == nullptr) return std::nullopt;
  return value->as_bool();
}

inline const json::object* object(const json::object& object, std::string_view name) {
  const auto* value = member(object, name);
  return value == nullptr ? nullptr : &value->as_object();
}

inline std::vector<std::string> texts(const json::object& object, std::string_view name) {
  std::vector<std::string> items;
  if (const auto* value = member(object, name)) {
    for (const auto& item : value->as_array()) items.emplace_back(item.as_string());
  }
  return items;
}

inline std::set<std::string> text_set(const json::object& object, std::string_view name) {
  const auto items = texts(object, name);
  return {items.begin(), items.end()};
}

inline Channel as_channel(std::string_view text) {
  const auto channel = parse_channel(text);
  if (!channel) throw std::runtime_error("a stored channel cannot be read");
  return *channel;
}

inline std::vector<Channel> channels(const json::object& object, std::string_view name) {
  std::vector<Channel> items;
  for (const auto& item : texts(object, name)) items.push_back(as_channel(item));
  return items;
}

/// "20:30" of a checked text.
inline std::chrono::minutes time(const json::object& object, std::string_view name) {
  const auto shown = text(object, name);
  int hours = 0;
  int minutes = 0;
  if (shown.size() != 5) throw std::runtime_error("a stored time cannot be read");
  std::from_chars(shown.data(), shown.data() + 2, hours);
  std::from_chars(shown.data() + 3, shown.data() + 5, minutes);
  return std::chrono::hours{hours} + std::chrono::minutes{minutes};
}

inline std::string show_time(std::chrono::minutes time) {
  return fmt::format("{:02}:{:02}", time.count() / 60, time.count() % 60);
}

}  // namespace rappel::profile::read
