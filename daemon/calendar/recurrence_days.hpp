// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <vector>

#include "calendar/recurrence_rule.hpp"

namespace rappel::calendar {

/// The BY lists of a rule that choose days, with what RFC 5545 takes from DTSTART when none does.
/// A day is chosen when it is in every list. Immutable; any thread.
class RecurrenceDays {
 public:
  RecurrenceDays(const RecurrenceRule& rule, CivilDate start);
  [[nodiscard]] bool holds(std::chrono::local_days day) const;

 private:
  void take_from_start(const RecurrenceRule& rule, CivilDate start);
  [[nodiscard]] bool month_day_holds(CivilDate date) const;
  [[nodiscard]] bool year_day_holds(std::chrono::local_days day, CivilDate date) const;
  [[nodiscard]] bool week_holds(std::chrono::local_days day) const;
  [[nodiscard]] bool weekday_holds(std::chrono::local_days day, CivilDate date) const;

  // Numbers of a period counted from its start at [n], from its end at [size + n].
  template <std::size_t Size>
  struct Numbers {
    std::bitset<Size> from_start, from_end;
    bool any = false;
    void take(const std::vector<int>& values);
    [[nodiscard]] bool hold(int number, int last) const;
  };
  std::bitset<13> months_;
  Numbers<32> month_days_;
  Numbers<367> year_days_;
  Numbers<54> weeks_;
  std::bitset<7> weekdays_;
  std::vector<WeekdayOf> numbered_;
  bool numbered_in_month_ = false;  ///< else in the year
  std::chrono::weekday week_start_;
};

}  // namespace rappel::calendar
