// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/problem.hpp"

// The shape of a JSON object, as a constant table; checks input against it and describes it.
// Pure; any thread.

namespace rappel::profile {

enum class FieldType {
  text,     ///< one line; no control characters
  date,     ///< YYYY-MM-DD, a day that exists
  integer,  ///< a whole number from min to max
  boolean,
  choice,  ///< one of `choices`
  time,    ///< HH:MM
  period,  ///< ISO 8601, positive: "P30D"
  insee,   ///< commune code
  phone,   ///< a text here; E.164 once profile/vocabulary.hpp has checked it, which knows the country
  email,
  country,  ///< ISO 3166-1 alpha-2, capital letters
  topic,    ///< lower-case word that a citizen may mute
  object    ///< of the shape `shape`
};

struct Shape;

struct Field {
  std::string_view name;
  FieldType type = FieldType::text;
  std::string_view doc;
  bool required = false;
  bool list = false;      ///< a list of them
  bool nullable = false;  ///< null is accepted and removes the fact
  std::span<const std::string_view> choices;
  const Shape* shape = nullptr;
  std::int64_t min = 0;
  std::int64_t max = 200;  ///< of an integer; of a text, in bytes
};

struct Shape {
  std::string_view name;
  std::span<const Field> fields;
};

/// Whether it is a lower-case word that a citizen may mute: "identity".
bool is_topic(std::string_view text);

/// The most items that any list holds.
inline constexpr std::size_t list_items_max = 50;
/// Years that a date may lie in.
inline constexpr int year_min = 1850;
inline constexpr int year_max = 2200;

/// The object with normalised texts, or the first problem: an unknown name comes with the nearest
/// known one, `where` continues `pointer`.
Expected<boost::json::object> check_shape(const Shape& shape, const boost::json::object& object,
                                          const std::string& pointer);

Expected<std::string> normalise_email(std::string_view text);

}  // namespace rappel::profile
