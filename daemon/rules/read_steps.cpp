// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "rules/reading.hpp"
#include "rules/words.hpp"

namespace rappel::rules {
namespace {

void read_delay(YamlMap& item, Step& step, std::string_view key) {
  step.period = read_period(item, key).value_or(calendar::Period{});
  const auto method = item.one_of("method", words::names_of(words::methods));
  if (!item.has("method")) item.missing("method");
  step.method = calendar::parse_month_rule(method.value_or("")).value_or(step.method);
  if (step.method == calendar::MonthRule::days && !step.period.days_only())
    item.wrong("method", "wrong_method", "counts days only, and the delay holds months or years");
}

void read_worked_days(YamlMap& item, Step& step, std::string_view key) {
  constexpr int most = words::worked_days_max;
  step.count = int(item.integer(key, -most, most).value_or(0));
  const auto kind = item.one_of("kind", words::names_of(words::worked_days));
  if (!item.has("kind")) item.missing("kind");
  step.worked = calendar::parse_worked_day(kind.value_or("")).value_or(step.worked);
}

/// "12-31": a day that exists in some year.
void read_date_in_year(YamlMap& item, Step& step, std::string_view key) {
  const auto text = item.text(key).value_or("");
  const auto date = parse_iso_date("2024-" + text);
  step.count = int(item.integer("years", 0, words::years_max).value_or(0));
  if (text.size() != 5 || !date) {
    item.wrong(key, "not_a_date", fmt::format("\"{}\" is not a day of a year", text),
               "write MM-DD between quotes: \"12-31\"");
    return;
  }
  step.day = date->month() / date->day();
}

void read_weekday(YamlMap& item, Step& step, std::string_view key) {
  const auto name = item.one_of(key, words::names_of(words::weekdays));
  for (unsigned day = 0; day < words::weekdays.size(); ++day) {
    if (words::weekdays[day].name == name) step.weekday = std::chrono::weekday{day};
  }
  step.count = int(item.integer("count", 1, words::weekdays_max).value_or(1));
}

/// What says nothing unless it is true.
void read_mark(YamlMap& item, std::string_view key) {
  if (item.boolean(key) == false)
    item.wrong(key, "useless_step", "says nothing when false", "remove the step");
}

void read_kind(YamlMap& item, Step& step, std::string_view key, Reading& reading) {
  switch (step.kind) {
    case Step::Kind::delay:
      return read_delay(item, step, key);
    case Step::Kind::claim_delay:
      read_delay(item, step, key);
      if (reading.scope != Scope::claim && reading.scope != Scope::request)
        item.wrong(key, "fact_of_another_subject", "is known of a claim only");
      return;
    case Step::Kind::worked_days:
      return read_worked_days(item, step, key);
    case Step::Kind::day_of_month:
      step.count = int(item.integer(key, 1, 31).value_or(1));
      return;
    case Step::Kind::date_in_year:
      return read_date_in_year(item, step, key);
    case Step::Kind::weekday_before:
      return read_weekday(item, step, key);
    case Step::Kind::quarter_end:
    case Step::Kind::franc:
      return read_mark(item, key);
  }
}

Step read_step(YamlMap& item, Reading& reading) {
  Step step;
  step.text = read_sentences(item, "text", Need::required, reading);
  const auto* word = std::find_if(words::steps.begin(), words::steps.end(),
                                  [&](const auto& known) { return item.has(known.name); });
  if (word == words::steps.end()) {
    item.missing("add");
  } else {
    step.kind = word->kind;
    read_kind(item, step, word->name, reading);
  }
  item.finish();
  return step;
}

}  // namespace

std::vector<Step> read_steps(YamlMap& map, Reading& reading) {
  std::vector<Step> steps;
  for (auto& item : map.maps("steps")) steps.push_back(read_step(item, reading));
  return steps;
}

}  // namespace rappel::rules
