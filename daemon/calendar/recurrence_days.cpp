// SPDX-License-Identifier: Apache-2.0
#include "calendar/recurrence_days.hpp"

#include <algorithm>

namespace rappel::calendar {
namespace {

int last_day_of(std::chrono::year_month month) {
  return int(unsigned(
      std::chrono::year_month_day_last{month.year(), std::chrono::month_day_last{month.month()}}
          .day()));
}

int days_in(std::chrono::year year) {
  return year.is_leap() ? 366 : 365;
}

std::chrono::local_days new_year(std::chrono::year year) {
  return std::chrono::local_days{year / std::chrono::January / 1};
}

/// The first day of week 1: the first week with four days or more in the year.
std::chrono::local_days first_week(std::chrono::year year, std::chrono::weekday week_start) {
  const auto fourth = std::chrono::local_days{year / std::chrono::January / 4};
  return fourth - (std::chrono::weekday{fourth} - week_start);
}

}  // namespace

template <std::size_t Size>
void RecurrenceDays::Numbers<Size>::take(const std::vector<int>& values) {
  any = !values.empty();
  for (const int value : values) {
    if (value > 0) from_start.set(std::size_t(value));
    if (value < 0) from_end.set(std::size_t(-value));
  }
}

template <std::size_t Size>
bool RecurrenceDays::Numbers<Size>::hold(int number, int last) const {
  return !any || from_start[std::size_t(number)] || from_end[std::size_t(last - number + 1)];
}

RecurrenceDays::RecurrenceDays(const RecurrenceRule& rule, CivilDate start)
    : week_start_(rule.week_start) {
  for (const int month : rule.months) months_.set(std::size_t(month));
  month_days_.take(rule.month_days);
  year_days_.take(rule.year_days);
  weeks_.take(rule.week_numbers);
  for (const auto& day : rule.weekdays) {
    if (day.nth == 0) weekdays_.set(day.weekday.c_encoding());
    if (day.nth != 0) numbered_.push_back(day);
  }
  numbered_in_month_ = rule.frequency == Frequency::monthly || !rule.months.empty();
  take_from_start(rule, start);
  if (months_.none()) months_.set();
}

/// A week number alone means all its days, as in python-dateutil and rrule.js.
void RecurrenceDays::take_from_start(const RecurrenceRule& rule, CivilDate start) {
  if (month_days_.any || year_days_.any || weeks_.any || !rule.weekdays.empty()) return;
  if (rule.frequency == Frequency::yearly && months_.none())
    months_.set(std::size_t(unsigned(start.month())));
  if (rule.frequency == Frequency::yearly || rule.frequency == Frequency::monthly)
    month_days_.take({int(unsigned(start.day()))});
  if (rule.frequency == Frequency::weekly)
    weekdays_.set(std::chrono::weekday{std::chrono::local_days{start}}.c_encoding());
}

bool RecurrenceDays::holds(std::chrono::local_days day) const {
  const CivilDate date{day};
  return months_[unsigned(date.month())] && month_day_holds(date) && weekday_holds(day, date) &&
         year_day_holds(day, date) && week_holds(day);
}

bool RecurrenceDays::month_day_holds(CivilDate date) const {
  if (!month_days_.any) return true;
  return month_days_.hold(int(unsigned(date.day())), last_day_of(date.year() / date.month()));
}

bool RecurrenceDays::year_day_holds(std::chrono::local_days day, CivilDate date) const {
  if (!year_days_.any) return true;
  return year_days_.hold(int((day - new_year(date.year())).count()) + 1, days_in(date.year()));
}

/// A day at either end of a year may belong to a week of its neighbour.
bool RecurrenceDays::week_holds(std::chrono::local_days day) const {
  if (!weeks_.any) return true;
  auto year = CivilDate{day}.year();
  if (day < first_week(year, week_start_)) --year;
  if (day >= first_week(year + std::chrono::years{1}, week_start_)) ++year;
  const auto first = first_week(year, week_start_);
  const auto weeks = (first_week(year + std::chrono::years{1}, week_start_) - first).count() / 7;
  return weeks_.hold(int((day - first).count() / 7) + 1, int(weeks));
}

bool RecurrenceDays::weekday_holds(std::chrono::local_days day, CivilDate date) const {
  if (weekdays_.none() && numbered_.empty()) return true;
  const std::chrono::weekday weekday{day};
  if (weekdays_[weekday.c_encoding()]) return true;
  if (numbered_.empty()) return false;
  const int place = numbered_in_month_ ? int(unsigned(date.day())) - 1
                                       : int((day - new_year(date.year())).count());
  const int size =
      numbered_in_month_ ? last_day_of(date.year() / date.month()) : days_in(date.year());
  return std::any_of(numbered_.begin(), numbered_.end(), [&](const WeekdayOf& wanted) {
    const int nth = wanted.nth > 0 ? place / 7 + 1 : -((size - 1 - place) / 7 + 1);
    return wanted.weekday == weekday && wanted.nth == nth;
  });
}

}  // namespace rappel::calendar
