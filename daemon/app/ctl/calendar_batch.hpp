// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "calendar/holidays.hpp"

// Questions about the calendar and their answers, as JSON: what `rappelctl calendar` asks and what
// `rappelctl calendar --batch` reads line by line.
//
//   {"op":"easter","year":2027}  →  {"date":"2027-03-28"}
//   {"op":"eastre","year":2027}  →  {"error":"/op: \"eastre\" is not … (did you mean \"easter\"?)"}
//
// Pure once made; any thread. docs/guides/ask-the-calendar.md lists every question.

namespace rappel::app::ctl {

inline constexpr std::size_t question_bytes_max = 1'048'576;
inline constexpr int calendar_year_min = 1;
inline constexpr int holiday_year_min = 1583;  ///< Easter of the Gregorian calendar
inline constexpr int calendar_year_max = 9999;
inline constexpr int worked_days_max = 100'000;
inline constexpr int delay_days_max = 100'000;
inline constexpr int delay_months_max = 12'000;

class CalendarDesk {
 public:
  explicit CalendarDesk(calendar::Holidays holidays) : holidays_(std::move(holidays)) {}

  [[nodiscard]] Expected<boost::json::object> answer(const boost::json::object& question) const;
  /// One line of JSON for one line, whatever it holds.
  [[nodiscard]] std::string answer_line(std::string_view line) const;

 private:
  calendar::Holidays holidays_;
};

}  // namespace rappel::app::ctl
