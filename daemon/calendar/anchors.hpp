// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/instant.hpp"

// The days that laws and administrations name by their place in a month, a week or a year. Pure;
// any thread.
//
//   day_of_month(any day of February 2027, 31)              = 28 Feb 2027
//   nth_weekday_before(Sunday 15 Mar 2026, Friday, 6)       = 6 Feb 2026   (R. 5 du code électoral)
//   date_in_year(12 Jun 2005, December, 31, 10)             = 31 Dec 2015

namespace rappel::calendar {

/// The day of that number in the month of `in_month`, or the month's last day when it is shorter:
/// 31 names the last day of any month. `day` is from 1 to 31.
CivilDate day_of_month(CivilDate in_month, int day);

/// The `n`th such weekday strictly before `date`, counted backwards from 1.
CivilDate nth_weekday_before(CivilDate date, std::chrono::weekday weekday, int n);

/// A day of the year that comes `years_after` years after that of `date`; negative goes back. A day
/// that the month lacks becomes its last.
CivilDate date_in_year(CivilDate date, std::chrono::month month, int day, int years_after);

}  // namespace rappel::calendar
