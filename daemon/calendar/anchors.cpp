// SPDX-License-Identifier: Apache-2.0
#include "calendar/anchors.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace rappel::calendar {

CivilDate day_of_month(CivilDate in_month, int day) {
  ensure(day >= 1 && day <= 31, "a day of the month is from 1 to 31");
  const CivilDate end{in_month.year() / in_month.month() / std::chrono::last};
  return in_month.year() / in_month.month() / std::min(std::chrono::day{unsigned(day)}, end.day());
}

CivilDate nth_weekday_before(CivilDate date, std::chrono::weekday weekday, int n) {
  ensure(n >= 1, "weekdays before a date are counted from 1");
  const std::chrono::sys_days before = std::chrono::sys_days{date} - std::chrono::days{1};
  const std::chrono::sys_days nearest = before - (std::chrono::weekday{before} - weekday);
  return CivilDate{nearest - std::chrono::days{7 * (n - 1)}};
}

CivilDate date_in_year(CivilDate date, std::chrono::month month, int day, int years_after) {
  return day_of_month((date.year() + std::chrono::years{years_after}) / month / 1, day);
}

}  // namespace rappel::calendar
