// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "calendar/recurrence_cursor.hpp"

// What comes back: the recurrence sets of RFC 5545 3.8.5, in local time without zone. A time of the
// set becomes an instant with a Zone afterwards, so that "every day at 9" stays at 9 all year.
//
//   const auto monthly = Recurrence::parse("DTSTART:20260128T090000\nRRULE:FREQ=MONTHLY");
//   for (auto cursor = monthly->begin(); const auto at = cursor.next();) …
//
// DTSTART is in the set only when a rule gives it. Where the RFC leaves a choice, that of
// python-dateutil and rrule.js is taken. Written here because libical is wrong about some rules and
// without bound on others: docs/decisions/0007-our-own-recurrence.md.
//
// Thread rule: a Recurrence is an immutable value, for any thread; a cursor belongs to one.

namespace rappel::calendar {

inline constexpr std::size_t recurrence_bytes_max = 16'384;
inline constexpr std::size_t recurrence_rules_max = 8;
inline constexpr std::size_t recurrence_dates_max = 1000;  ///< RDATE and EXDATE together

class Recurrence {
 public:
  class Cursor;

  /// Lines of "DTSTART:", "RRULE:", "RDATE:" and "EXDATE:" (the last two are optional), folded or
  /// not, in either case. Refuses a TZID, a "Z", and every other property.
  static Expected<Recurrence> parse(std::string_view text);

  [[nodiscard]] Cursor begin() const;
  /// The first time at or after `from`.
  [[nodiscard]] std::optional<LocalDateTime> next_from(LocalDateTime from) const;
  /// The days from `from` to `until`, both included, that hold a time; at most `max` of them.
  [[nodiscard]] std::vector<CivilDate> days_between(CivilDate from, CivilDate until,
                                                    std::size_t max) const;

  [[nodiscard]] LocalDateTime start() const { return start_; }
  /// DTSTART is a date: every time is a midnight that stands for its day.
  [[nodiscard]] bool whole_days() const { return whole_days_; }

 private:
  friend class RecurrenceReader;
  LocalDateTime start_{};
  bool whole_days_ = false;
  std::vector<RecurrenceRule> rules_;
  std::vector<LocalDateTime> added_, excluded_;  ///< in order
};

/// The times of a set in order, each once. Works on a copy of the set.
class Recurrence::Cursor {
 public:
  explicit Cursor(const Recurrence& recurrence);
  std::optional<LocalDateTime> next();
  /// Goes forward to the first time at or after `from`; never back.
  void skip_to(LocalDateTime from);
  /// A rule was too much work: what was given is right, and there may be more.
  [[nodiscard]] bool gave_up() const;

 private:
  struct Source {
    RuleCursor cursor;
    std::optional<LocalDateTime> head;
  };
  std::optional<LocalDateTime> take_first();

  std::vector<Source> sources_;
  std::vector<LocalDateTime> added_, excluded_;
  std::size_t added_place_ = 0;
};

}  // namespace rappel::calendar
