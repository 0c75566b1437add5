// SPDX-License-Identifier: Apache-2.0
#include "calendar/recurrence_cursor.hpp"

#include <algorithm>

namespace rappel::calendar {
namespace {

constexpr std::chrono::local_days last_local_day{std::chrono::year{recurrence_year_max} /
                                                 std::chrono::December / 31};

/// The values of a list, or the one that DTSTART has when it is empty.
std::vector<int> or_start(const std::vector<int>& list, std::int64_t start) {
  return list.empty() ? std::vector<int>{int(start)} : list;
}

bool allows(const std::vector<int>& list, std::int64_t value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

int month_count(LocalDateTime local) {
  const auto date = date_of(local);
  return int(date.year()) * 12 + int(unsigned(date.month())) - 1;
}

std::chrono::local_days week_of(LocalDateTime local, std::chrono::weekday week_start) {
  const auto day = std::chrono::floor<std::chrono::days>(local);
  return day - (std::chrono::weekday{day} - week_start);
}

}  // namespace

RuleCursor::RuleCursor(const RecurrenceRule& rule, LocalDateTime start)
    : rule_(rule), days_(rule, date_of(start)), start_(start), times_(times_of_day(start)) {}

/// Above a day: every time of it. By the clock: those inside one hour or one minute.
std::vector<std::chrono::seconds> RuleCursor::times_of_day(LocalDateTime start) const {
  const std::chrono::hh_mm_ss clock{calendar::time_of_day(start)};
  const bool hourly = rule_.frequency == Frequency::hourly;
  const bool minutely = rule_.frequency == Frequency::minutely;
  const auto hour_list = by_clock() ? std::vector{0} : or_start(rule_.hours, clock.hours().count());
  const auto minute_list =
      minutely ? std::vector{0} : or_start(rule_.minutes, clock.minutes().count());
  const auto second_list = or_start(rule_.seconds, clock.seconds().count());
  std::vector<std::chrono::seconds> times;
  for (const int hour : hour_list)
    for (const int minute : minute_list)
      for (const int second : second_list)
        times.push_back(std::chrono::hours{hourly ? 0 : hour} + std::chrono::minutes{minute} +
                        std::chrono::seconds{second});
  return times;
}

std::optional<LocalDateTime> RuleCursor::next() {
  if (rule_.count && given_ >= *rule_.count) return std::nullopt;
  while (true) {
    while (place_ < found_.size() && found_[place_] < start_) ++place_;
    if (place_ < found_.size()) break;
    if (gave_up() || !fill()) return std::nullopt;
  }
  const auto local = found_[place_];
  if (rule_.until && local > *rule_.until) return std::nullopt;
  ++place_;
  ++given_;
  return local;
}

std::chrono::seconds RuleCursor::clock_step() const {
  return rule_.frequency == Frequency::hourly ? std::chrono::seconds{std::chrono::hours{1}}
                                              : std::chrono::seconds{std::chrono::minutes{1}};
}

LocalDateTime RuleCursor::clock_period() const {
  const auto since_midnight = calendar::time_of_day(start_);
  return std::chrono::floor<std::chrono::days>(start_) + since_midnight -
         since_midnight % clock_step() + period_ * clock_step();
}

RuleCursor::Days RuleCursor::days_of_period() const {
  const auto months_first = [&](std::int64_t count) {
    return std::chrono::local_days{std::chrono::year{int(count / 12)} /
                                   std::chrono::month{unsigned(count % 12 + 1)} / 1};
  };
  const auto first_month = month_count(start_);
  switch (rule_.frequency) {
    case Frequency::yearly: {
      const auto january = first_month - first_month % 12 + 12 * period_;
      return {months_first(january), months_first(january + 12)};
    }
    case Frequency::monthly:
      return {months_first(first_month + period_), months_first(first_month + period_ + 1)};
    case Frequency::weekly: {
      const auto first = week_of(start_, rule_.week_start) + std::chrono::days{7 * period_};
      return {first, first + std::chrono::days{7}};
    }
    default: {
      const auto day = std::chrono::floor<std::chrono::days>(start_) + std::chrono::days{period_};
      return {day, day + std::chrono::days{1}};
    }
  }
}

/// Makes the times of the next period, if any; false past the last year or UNTIL.
bool RuleCursor::fill() {
  found_.clear();
  place_ = 0;
  const auto limit =
      rule_.until ? std::min(std::chrono::floor<std::chrono::days>(*rule_.until), last_local_day)
                  : last_local_day;
  if (by_clock()) {
    if (std::chrono::floor<std::chrono::days>(clock_period()) > limit) return false;
    fill_clock_period();
  } else {
    const auto days = days_of_period();
    if (days.first > limit) return false;
    fill_days(days);
    period_ += rule_.interval;
  }
  keep_positions();
  return true;
}

void RuleCursor::fill_days(Days days) {
  for (auto day = days.first; day < std::min(days.end, last_local_day + std::chrono::days{1});
       day += std::chrono::days{1}) {
    ++effort_;
    if (!days_.holds(day)) continue;
    for (const auto time : times_) add(day, time);
  }
}

/// One hour or minute; a day that is not chosen is passed over at once.
void RuleCursor::fill_clock_period() {
  ++effort_;
  const auto period = clock_period();
  const auto day = std::chrono::floor<std::chrono::days>(period);
  std::int64_t steps = 1;
  if (!days_.holds(day)) {
    const auto step = rule_.interval * clock_step();
    steps = (day + std::chrono::days{1} - period + step - std::chrono::seconds{1}) / step;
  } else {
    const std::chrono::hh_mm_ss clock{period - day};
    const bool minutely = rule_.frequency == Frequency::minutely;
    if (allows(rule_.hours, clock.hours().count()) &&
        (!minutely || allows(rule_.minutes, clock.minutes().count()))) {
      for (const auto time : times_) add(day, period - day + time);
    }
  }
  period_ += steps * rule_.interval;
}

void RuleCursor::add(std::chrono::local_days day, std::chrono::seconds time) {
  ++effort_;
  found_.push_back(day + time);
}

/// BYSETPOS, on what one period holds.
void RuleCursor::keep_positions() {
  if (rule_.positions.empty()) return;
  std::vector<LocalDateTime> kept;
  for (const int position : rule_.positions) {
    const auto at = position > 0 ? position - 1 : int(found_.size()) + position;
    if (at >= 0 && at < int(found_.size())) kept.push_back(found_[std::size_t(at)]);
  }
  std::sort(kept.begin(), kept.end());
  kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
  found_ = std::move(kept);
}

void RuleCursor::skip_to(LocalDateTime from) {
  if (rule_.count || from <= start_) return;
  std::int64_t periods = 0;
  switch (rule_.frequency) {
    case Frequency::yearly:
      periods = int(date_of(from).year()) - int(date_of(start_).year());
      break;
    case Frequency::monthly:
      periods = month_count(from) - month_count(start_);
      break;
    case Frequency::weekly:
      periods = (week_of(from, rule_.week_start) - week_of(start_, rule_.week_start)) /
                std::chrono::days{7};
      break;
    case Frequency::daily:
      periods = (std::chrono::floor<std::chrono::days>(from) -
                 std::chrono::floor<std::chrono::days>(start_))
                    .count();
      break;
    case Frequency::hourly:
    case Frequency::minutely:
      periods = (from - start_) / clock_step();
      break;
  }
  // Down to a period of the rule: the one that holds `from`, or the last before it.
  const auto wanted = periods - periods % rule_.interval;
  if (wanted <= period_) return;
  period_ = wanted;
  found_.clear();
  place_ = 0;
}

}  // namespace rappel::calendar
