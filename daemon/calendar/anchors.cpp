// SPDX-License-Identifier: Apache-2.0
#include "calendar/anchors.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace rappel::calendar {
namespace {

CivilDate clamped(std::chrono::year_month month, unsigned day) {
  const auto last = (month / std::chrono::last).day();
  return month / std::min(std::chrono::day{day}, last);
}

}  // namespace

CivilDate day_of_month(CivilDate date, int day) {
  ensure(day >= 1 && day <= 31, "a day of the month lies between 1 and 31");
  return clamped(date.year() / date.month(), unsigned(day));
}

CivilDate date_in_year(CivilDate date, std::chrono::month month, std::chrono::day day, int years) {
  return clamped((date.year() + std::chrono::years{years}) / month, unsigned(day));
}

CivilDate nth_weekday_before(CivilDate date, std::chrono::weekday weekday, int count) {
  ensure(count >= 1, "weekdays before a date are counted from one");
  const std::chrono::sys_days day{date};
  const auto back = (std::chrono::weekday{day} - weekday).count();
  const auto nearest = back == 0 ? 7 : back;
  return CivilDate{day - std::chrono::days{nearest + 7 * (count - 1)}};
}

}  // namespace rappel::calendar
