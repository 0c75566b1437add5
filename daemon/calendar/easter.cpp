// SPDX-License-Identifier: Apache-2.0
#include "calendar/easter.hpp"

#include <chrono>

namespace rappel::calendar {

CivilDate easter_sunday(int year) {
  const int golden = year % 19;
  const int century = year / 100;
  const int skipped_leaps = century - century / 4;
  const int lunar_correction = (century - (century + 8) / 25 + 1) / 3;
  const int epact = (19 * golden + skipped_leaps - lunar_correction + 15) % 30;
  const int weekday_shift = (32 + 2 * (century % 4) + 2 * (year % 100 / 4) - epact - year % 4) % 7;
  const int late_moon = (golden + 11 * epact + 22 * weekday_shift) / 451;
  const int days = epact + weekday_shift - 7 * late_moon + 114;
  return std::chrono::year{year} / std::chrono::month{unsigned(days / 31)} /
         std::chrono::day{unsigned(days % 31 + 1)};
}

}  // namespace rappel::calendar
