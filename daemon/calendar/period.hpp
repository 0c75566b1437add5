// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.hpp"

// Civil dates and the delays of law. Pure; any thread.
//
//   add(28 Feb 2026, P6M, quantieme)         = 28 Aug 2026   (CPC 641)
//   add(28 Feb 2026, P6M, end_sticky)        = 31 Aug 2026   (BOI 7G255 on CGI 641)
//   add(12 May 2026, P3M, end_of_nth_month)  = 31 Aug 2026   (C. service national R*111-1)

namespace rappel::calendar {

/// Years, months and days of a delay; each may be negative. Weeks are read as seven days.
struct Period {
  int years = 0;
  int months = 0;
  int days = 0;
  bool operator==(const Period&) const = default;
  [[nodiscard]] bool days_only() const { return years == 0 && months == 0; }
};

/// The longest part of a period, in years (or its count of months, weeks or days).
inline constexpr int period_years_max = 1000;

/// ISO 8601: "P10Y", "-P30D", "P1Y6M", "P2W". No hours, no fractions.
std::optional<Period> parse_period(std::string_view text);
/// The same form back; "P0D" when empty. A period of mixed signs never comes from parse_period.
std::string to_string(Period period);
Period operator-(Period period);

/// How months and years are counted. `days` counts no months at all.
enum class MonthRule {
  quantieme,         ///< same day number, else the last day of the month (CPC 641)
  end_sticky,        ///< from the last day of a month to the last day of a month (CGI 641)
  end_of_nth_month,  ///< the last day of the month reached (R*111-1)
  days               ///< days only (CESEDA R431-5)
};
std::string_view to_string(MonthRule rule);
std::optional<MonthRule> parse_month_rule(std::string_view text);

/// Years and months together in one step, then days (CPC 641 al. 3). The day of the event is not
/// counted. `rule` days needs a period of days only.
CivilDate add(CivilDate date, Period period, MonthRule rule = MonthRule::quantieme);

CivilDate add_days(CivilDate date, int days);
int days_between(CivilDate from, CivilDate to);
bool is_last_of_month(CivilDate date);

/// Whole years of a person born on `birth`, on the day `on`; nothing before the birth. Somebody
/// born on 29 February is a year older on 28 February of a common year (the same quantieme rule).
std::optional<int> age_on(CivilDate birth, CivilDate on);

/// The last day of a delay of law, before any move to a worked day. A "delai franc" counts neither
/// the day of the event nor the last one: one day more.
CivilDate last_day(CivilDate event, Period delay, MonthRule rule, bool franc);

}  // namespace rappel::calendar
