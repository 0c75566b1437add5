// SPDX-License-Identifier: Apache-2.0
#include "message/standard_values.hpp"

#include <algorithm>
#include <array>

namespace rappel::message {
namespace {

constexpr std::array all{
    StandardValue{"tenant_name", ValueType::text, Presence::always, "the administration"},
    StandardValue{"title", ValueType::text, Presence::always, "what it is about, in a few words"},
    StandardValue{"reason", ValueType::text, Presence::always,
                  "why this person gets it, in one sentence"},
    StandardValue{"rule_name", ValueType::text, Presence::always, "the rule that was applied"},
    StandardValue{"legal_reference", ValueType::text, Presence::always, "the legal texts, in full"},
    StandardValue{"legal_short", ValueType::text, Presence::always,
                  "the first legal text, short enough for an SMS"},
    StandardValue{"human_phone", ValueType::text, Presence::always,
                  "the phone number of a person who can help"},
    StandardValue{"human_name", ValueType::text, Presence::maybe, "that person or their office"},
    StandardValue{"given_name", ValueType::text, Presence::maybe, "the reader's given name"},
    StandardValue{"reader_name", ValueType::text, Presence::maybe, "the reader's whole name"},
    StandardValue{"about_name", ValueType::text, Presence::maybe,
                  "whom it is about, when that is not the reader"},
    StandardValue{"due_on", ValueType::date, Presence::with_due_date, "the limit"},
    StandardValue{"days_left", ValueType::count, Presence::with_due_date,
                  "days from the day of sending to the limit; 0 on the day itself"},
    StandardValue{"safe_on", ValueType::date, Presence::maybe,
                  "the last worked day before a limit that falls on a closed day"},
    StandardValue{"link", ValueType::text, Presence::maybe, "the reader's own page, https"},
};

}  // namespace

std::span<const StandardValue> standard_values() {
  return all;
}

const StandardValue* find_standard_value(std::string_view name) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const StandardValue& value) { return value.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace rappel::message
