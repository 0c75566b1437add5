// SPDX-License-Identifier: Apache-2.0
#include "calendar/period.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

#include "base/ensure.hpp"

namespace rappel::calendar {
namespace {

constexpr std::array<std::pair<MonthRule, std::string_view>, 4> rule_names{
    {{MonthRule::quantieme, "quantieme"},
     {MonthRule::end_sticky, "end_sticky"},
     {MonthRule::end_of_nth_month, "end_of_nth_month"},
     {MonthRule::days, "days"}}};

/// One number and its letter, taken off the front of `text`.
std::optional<std::pair<int, char>> take_part(std::string_view& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto digits = std::size_t(end - text.data());
  if (error != std::errc() || text.front() == '-' || digits == text.size()) return std::nullopt;
  const char letter = text[digits];
  text.remove_prefix(digits + 1);
  return std::pair{number, letter};
}

/// Adds a part when its letter comes after the one before and it is not too long; false otherwise.
bool put_part(Period& period, std::size_t& order, int number, char letter) {
  constexpr std::string_view letters = "YMWD";
  constexpr std::array per_year{1, 12, 53, 366};
  const auto place = letters.find(letter);
  if (place == std::string_view::npos || place < order) return false;
  if (number > period_years_max * per_year[place]) return false;
  order = place + 1;
  if (letter == 'Y') period.years = number;
  if (letter == 'M') period.months = number;
  if (letter == 'W') period.days += 7 * number;
  if (letter == 'D') period.days += number;
  return true;
}

}  // namespace

std::optional<Period> parse_period(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (!text.starts_with('P') || text.size() < 3) return std::nullopt;
  text.remove_prefix(1);
  Period period;
  std::size_t order = 0;
  while (!text.empty()) {
    const auto part = take_part(text);
    if (!part || !put_part(period, order, part->first, part->second)) return std::nullopt;
  }
  return negative ? -period : period;
}

std::string to_string(Period period) {
  const bool negative = period.years < 0 || period.months < 0 || period.days < 0;
  if (negative) period = -period;
  std::string text = negative ? "-P" : "P";
  if (period.years != 0) text += fmt::format("{}Y", period.years);
  if (period.months != 0) text += fmt::format("{}M", period.months);
  if (period.days != 0 || text.back() == 'P') text += fmt::format("{}D", period.days);
  return text;
}

Period operator-(Period period) {
  return {-period.years, -period.months, -period.days};
}

std::string_view to_string(MonthRule rule) {
  for (const auto& [known, name] : rule_names) {
    if (known == rule) return name;
  }
  return "?";
}

std::optional<MonthRule> parse_month_rule(std::string_view text) {
  for (const auto& [rule, name] : rule_names) {
    if (name == text) return rule;
  }
  return std::nullopt;
}

CivilDate add(CivilDate date, Period period, MonthRule rule) {
  ensure(rule != MonthRule::days || period.days_only(), "a delay in days holds months");
  using namespace std::chrono;
  const year_month month =
      year_month{date.year(), date.month()} + months{period.years * 12 + period.months};
  const CivilDate end{month / last};
  CivilDate reached{month / date.day()};
  const bool sticky = rule == MonthRule::end_sticky && is_last_of_month(date);
  const bool to_end = rule == MonthRule::end_of_nth_month || (sticky && !period.days_only());
  if (!reached.ok() || to_end) reached = end;
  return add_days(reached, period.days);
}

CivilDate add_days(CivilDate date, int days) {
  return CivilDate{std::chrono::sys_days(date) + std::chrono::days{days}};
}

int days_between(CivilDate from, CivilDate to) {
  return int((std::chrono::sys_days(to) - std::chrono::sys_days(from)).count());
}

bool is_last_of_month(CivilDate date) {
  return date == CivilDate{date.year() / date.month() / std::chrono::last};
}

std::optional<int> age_on(CivilDate birth, CivilDate on) {
  if (on < birth) return std::nullopt;
  const int years = int(on.year()) - int(birth.year());
  return add(birth, Period{years, 0, 0}) <= on ? years : years - 1;
}

CivilDate last_day(CivilDate event, Period delay, MonthRule rule, bool franc) {
  const CivilDate raw = add(event, delay, rule);
  return franc ? add_days(raw, 1) : raw;
}

}  // namespace rappel::calendar
