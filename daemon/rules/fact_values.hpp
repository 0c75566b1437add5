// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "rules/facts.hpp"

// How facts of a profile become values. Private to the tables of facts.

namespace rappel::rules {

using C = const Context&;

inline Value value_of(const std::optional<CivilDate>& date) {
  return date ? date_value(*date) : Value{};
}
inline Value value_of(const std::optional<bool>& flag) {
  return flag ? Value{Type::boolean, *flag ? 1 : 0, {}} : Value{};
}
inline Value value_of(const std::string& word) {
  return word.empty() ? Value{} : Value{Type::word, 0, word};
}
inline Value value_of(const std::optional<std::int64_t>& number) {
  return number ? Value{Type::integer, *number, {}} : Value{};
}
inline Value integer(std::int64_t number) { return {Type::integer, number, {}}; }

/// A text that can be the argument of a template.
template <std::size_t N>
struct Name {
  char text[N]{};
  constexpr Name(const char (&from)[N]) { std::copy_n(from, N, text); }
};

template <Name field>
std::vector<std::string_view> citizen_choices() {
  return choices_of_citizen(field.text);
}
template <Name event, Name field>
std::vector<std::string_view> event_choices() {
  return choices_of_event(event.text, field.text);
}

}  // namespace rappel::rules
