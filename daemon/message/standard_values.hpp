// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "message/value.hpp"

// The values that whoever sends a message gives at the moment of sending. Templates use them
// without declaring them. A template may declare one of these names, with the same type: a value
// planned with the reminder then stands before the one given here, and the template's default
// behind it.

namespace rappel::message {

enum class Presence {
  always,         ///< render() refuses a message without it
  with_due_date,  ///< always there for templates that say `needs_due_date: true`
  maybe           ///< only inside its own section: {{#link}}…{{/link}}
};

struct StandardValue {
  std::string_view name;
  ValueType type = ValueType::text;
  Presence presence = Presence::always;
  std::string_view meaning;
};

/// Every standard value, in the order of the guide docs/guides/add-a-template.md.
std::span<const StandardValue> standard_values();
const StandardValue* find_standard_value(std::string_view name);

/// A date `d` is also there as `d_short` ("13/10/2026"), a list `l` as `l_count`, for plurals.
inline constexpr std::string_view short_suffix = "_short";
inline constexpr std::string_view count_suffix = "_count";

}  // namespace rappel::message
