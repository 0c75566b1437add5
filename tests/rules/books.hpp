// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <string>
#include <utility>
#include <vector>

#include "profile/vocabulary.hpp"
#include "rules/rule_book.hpp"

namespace rappel::test {

inline CivilDate day(const std::string& text) {
  return parse_iso_date(text).value();
}

/// The rules that the project ships.
inline const rules::RuleBook& shipped_book() {
  static const auto book = rules::RuleBook::load(std::string(RAPPEL_SOURCE_DIR) + "/templates");
  if (!book) {
    for (const auto& problem : book.error()) MESSAGE(to_string(problem));
  }
  REQUIRE(book.has_value());
  return *book;
}

/// Events of a type and its JSON, all on one day, checked as the API checks them.
inline std::vector<Event> events_of(const std::vector<std::pair<std::string, std::string>>& list,
                                    const std::string& on = "2026-11-24") {
  std::vector<Event> events;
  for (const auto& [type, data] : list) {
    auto checked = profile::check_event(type, boost::json::parse(data).as_object());
    if (!checked) MESSAGE(to_string(checked.error()));
    REQUIRE(checked.has_value());
    Event event;
    event.type = type;
    event.data = *checked;
    event.occurred_at = std::chrono::sys_days(day(on)) + std::chrono::hours{12};
    events.push_back(std::move(event));
  }
  return events;
}

inline profile::Profile profile_of(const std::vector<std::pair<std::string, std::string>>& list,
                                   const std::string& on = "2026-11-24") {
  return profile::fold(events_of(list, on));
}

inline std::string differences(const rules::ExampleResult& result) {
  std::string text;
  for (const auto& difference : result.differences) text += difference + "\n";
  return text;
}

}  // namespace rappel::test
