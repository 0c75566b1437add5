// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "rules/reading.hpp"

namespace rappel::rules {
namespace {

constexpr int worked_days_max = 400;
constexpr int years_max = 100;
constexpr int weekdays_max = 100;

const std::array<std::string, 7> weekday_names{"sunday",   "monday", "tuesday", "wednesday",
                                               "thursday", "friday", "saturday"};

void read_delay(YamlMap& item, Step& step, std::string_view key) {
  step.period = read_period(item, key).value_or(calendar::Period{});
  const auto method =
      item.one_of("method", {"quantieme", "end_sticky", "end_of_nth_month", "days"});
  if (!item.has("method")) item.missing("method");
  step.method = calendar::parse_month_rule(method.value_or("")).value_or(step.method);
  if (step.method == calendar::MonthRule::days && !step.period.days_only())
    item.wrong("method", "wrong_method", "counts days only, and the delay holds months or years");
}

void read_worked_days(YamlMap& item, Step& step) {
  step.count = int(item.integer("worked_days", -worked_days_max, worked_days_max).value_or(0));
  const auto kind = item.one_of("kind", {"ouvre", "ouvrable"});
  if (!item.has("kind")) item.missing("kind");
  step.worked = calendar::parse_worked_day(kind.value_or("")).value_or(step.worked);
}

/// "12-31": a day that exists in some year.
void read_date_in_year(YamlMap& item, Step& step) {
  const auto text = item.text("date_in_year").value_or("");
  const auto date = parse_iso_date("2024-" + text);
  step.count = int(item.integer("years", 0, years_max).value_or(0));
  if (text.size() != 5 || !date) {
    item.wrong("date_in_year", "not_a_date", fmt::format("\"{}\" is not a day of a year", text),
               "write MM-DD between quotes: \"12-31\"");
    return;
  }
  step.day = date->month() / date->day();
}

void read_weekday(YamlMap& item, Step& step) {
  const auto name = item.one_of("weekday_before", {weekday_names.begin(), weekday_names.end()});
  for (unsigned day = 0; day < weekday_names.size(); ++day) {
    if (weekday_names[day] == name) step.weekday = std::chrono::weekday{day};
  }
  step.count = int(item.integer("count", 1, weekdays_max).value_or(1));
}

/// What says nothing unless it is true.
void read_mark(YamlMap& item, std::string_view key) {
  if (item.boolean(key) == false)
    item.wrong(key, "useless_step", "says nothing when false", "remove the step");
}

Step read_step(YamlMap& item, Reading& reading) {
  Step step;
  step.text = read_sentences(item, "text", Need::required, reading);
  if (item.has("add")) {
    read_delay(item, step, "add");
  } else if (item.has("claim_delay")) {
    step.kind = Step::Kind::claim_delay;
    read_delay(item, step, "claim_delay");
    if (reading.scope != Scope::claim && reading.scope != Scope::request)
      item.wrong("claim_delay", "fact_of_another_subject", "is known of a claim only");
  } else if (item.has("worked_days")) {
    step.kind = Step::Kind::worked_days;
    read_worked_days(item, step);
  } else if (item.has("day_of_month")) {
    step.kind = Step::Kind::day_of_month;
    step.count = int(item.integer("day_of_month", 1, 31).value_or(1));
  } else if (item.has("date_in_year")) {
    step.kind = Step::Kind::date_in_year;
    read_date_in_year(item, step);
  } else if (item.has("weekday_before")) {
    step.kind = Step::Kind::weekday_before;
    read_weekday(item, step);
  } else if (item.has("quarter_end")) {
    step.kind = Step::Kind::quarter_end;
    read_mark(item, "quarter_end");
  } else if (item.has("franc")) {
    step.kind = Step::Kind::franc;
    read_mark(item, "franc");
  } else {
    item.missing("add");
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
