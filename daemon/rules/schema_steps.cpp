// SPDX-License-Identifier: Apache-2.0
#include "rules/schema_parts.hpp"

namespace rappel::rules::schema {
namespace {

json::object step_value(Step::Kind kind) {
  switch (kind) {
    case Step::Kind::delay:
    case Step::Kind::claim_delay:
      return refer_to("period");
    case Step::Kind::worked_days:
      return whole(-words::worked_days_max, words::worked_days_max);
    case Step::Kind::day_of_month:
      return whole(1, 31);
    case Step::Kind::date_in_year:
      return refer_to("month_day");
    case Step::Kind::weekday_before:
      return one_of(words::weekdays);
    case Step::Kind::quarter_end:
    case Step::Kind::franc:
      return constant(true);
  }
  return {};
}

/// The keys that stand beside a step's own.
json::object beside(const words::StepWord& word) {
  const std::string key(word.name);
  switch (word.kind) {
    case Step::Kind::delay:
    case Step::Kind::claim_delay:
      return with_key(key, {"method"}, {"text"});
    case Step::Kind::worked_days:
      return with_key(key, {"kind"}, {"text"});
    case Step::Kind::date_in_year:
      return with_key(key, {}, {"text", "years"});
    case Step::Kind::weekday_before:
      return with_key(key, {}, {"text", "count"});
    default:
      return with_key(key, {}, {"text"});
  }
}

/// The method `days` counts no months.
json::object days_only(std::string_view key) {
  auto by_days = property("method", constant("days"));
  by_days["required"] = array_of({"method"});
  return when(std::move(by_days), property(key, refer_to("period_of_days")));
}

json::object step() {
  Closed schema("One move of the date; its text says why.");
  for (const auto& word : words::steps) schema.may(word.name, step_value(word.kind), word.doc);
  schema.need("text", refer_to("sentence"), "says the move in words, as the citizen reads it")
      .may("method", one_of(words::methods), "how months and years are counted; never left out")
      .may("kind", one_of(words::worked_days), "of worked_days: which days count as worked")
      .may("years", whole(0, words::years_max),
           "of date_in_year: so many years on; 0 when left out")
      .may("count", whole(1, words::weekdays_max),
           "of weekday_before: which one, counted backwards; 1 when left out")
      .rule(exactly_one(words::names_of(words::steps)));
  for (const auto& word : words::steps) schema.rule(beside(word));
  return schema.rule(days_only("add")).rule(days_only("claim_delay")).take();
}

}  // namespace

void add_steps(json::object& definitions) {
  definitions["step"] = step();
}

}  // namespace rappel::rules::schema
