// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "calendar/local_date_time.hpp"

// One RRULE of RFC 5545 3.3.10, read and checked. Pure; any thread.

namespace rappel::calendar {

/// In the order of the RFC. Every second is refused: nobody is reminded at that pace.
enum class Frequency { yearly, monthly, weekly, daily, hourly, minutely };
std::string_view to_string(Frequency frequency);
/// As FREQ= writes them.
std::vector<std::string_view> frequency_words();

inline constexpr int interval_max = 10'000;
inline constexpr std::int64_t occurrences_max = 10'000;  ///< of one rule's COUNT, and of one answer
inline constexpr std::size_t by_list_items_max = 366;
inline constexpr std::size_t times_of_day_max = 1440;  ///< hours × minutes × seconds of one rule

/// "MO" (nth 0: each one), "2MO", "-1FR".
struct WeekdayOf {
  std::chrono::weekday weekday{};
  int nth = 0;
};

struct RecurrenceRule {
  Frequency frequency = Frequency::daily;
  int interval = 1;
  std::optional<std::int64_t> count;
  std::optional<LocalDateTime> until;  ///< included
  std::vector<int> months, month_days, year_days, week_numbers, hours, minutes, seconds, positions;
  std::vector<WeekdayOf> weekdays;
  std::chrono::weekday week_start = std::chrono::Monday;
};

/// Reads "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1", upper case. Refuses what the RFC forbids (COUNT with
/// UNTIL, "2MO" in a weekly rule, BYSETPOS alone, …) and a part that it does not know.
Expected<RecurrenceRule> parse_recurrence_rule(std::string_view text);

/// "20260128T090000" or "20260128" (midnight); `is_date` says which. A "Z" is refused: the times of
/// a recurrence are local ones.
struct CompactTime {
  LocalDateTime local{};
  bool is_date = false;
};
Expected<CompactTime> parse_compact_time(std::string_view text);

}  // namespace rappel::calendar
