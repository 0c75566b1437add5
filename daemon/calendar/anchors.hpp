// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/instant.hpp"

// Days that a text names by their place: the last of the month, 31 December, the sixth Friday
// before. Pure; any thread.

namespace rappel::calendar {

/// The day of that number in the date's month, or its last day when the month is shorter.
CivilDate day_of_month(CivilDate date, int day);

/// The month and day, `years` years after the date's year; 29 February is the 28th in a common year.
CivilDate date_in_year(CivilDate date, std::chrono::month month, std::chrono::day day, int years);

/// The `count`th such weekday before the date, the date itself not counted; `count` is at least 1.
CivilDate nth_weekday_before(CivilDate date, std::chrono::weekday weekday, int count);

}  // namespace rappel::calendar
