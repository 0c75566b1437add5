// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "calendar/recurrence_days.hpp"

namespace rappel::calendar {

/// The work that one rule may ask for, in days looked at and times made. A rule of days that
/// matches nothing reaches the last year with less: only one by the minute can use it up.
inline constexpr std::int64_t recurrence_effort_max = 4'000'000;
inline constexpr int recurrence_year_max = 9999;

/// The times of one rule in order, period by period: years, months, weeks, days, hours or minutes,
/// each INTERVAL after the one before. Holds its own copy of the rule; one thread at a time.
class RuleCursor {
 public:
  RuleCursor(const RecurrenceRule& rule, LocalDateTime start);

  /// The next time at or after DTSTART; nothing after the last, and nothing when it gave up.
  std::optional<LocalDateTime> next();
  /// Goes forward so that what is before `from` need not be made. A rule with a COUNT must count,
  /// and stays where it is.
  void skip_to(LocalDateTime from);
  /// The effort was used up before the end: there may be more.
  [[nodiscard]] bool gave_up() const { return effort_ >= recurrence_effort_max; }

 private:
  struct Days {
    std::chrono::local_days first, end;  ///< `end` excluded
  };
  [[nodiscard]] bool by_clock() const { return rule_.frequency >= Frequency::hourly; }
  [[nodiscard]] std::chrono::seconds clock_step() const;
  [[nodiscard]] LocalDateTime clock_period() const;
  [[nodiscard]] Days days_of_period() const;
  [[nodiscard]] std::vector<std::chrono::seconds> times_of_day(LocalDateTime start) const;
  bool fill();
  void fill_days(Days days);
  void fill_clock_period();
  void add(std::chrono::local_days day, std::chrono::seconds time);
  void keep_positions();

  RecurrenceRule rule_;
  RecurrenceDays days_;
  LocalDateTime start_;
  std::vector<std::chrono::seconds> times_;  ///< of a day; of an hour or a minute by the clock
  std::int64_t period_ = 0;                  ///< in units of the frequency, from that of DTSTART
  std::int64_t effort_ = 0;
  std::int64_t given_ = 0;
  std::vector<LocalDateTime> found_;  ///< of the last period
  std::size_t place_ = 0;             ///< in found_
};

}  // namespace rappel::calendar
