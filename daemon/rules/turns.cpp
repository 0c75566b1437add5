// SPDX-License-Identifier: Apache-2.0
#include "rules/turns.hpp"

#include <algorithm>

namespace rappel::rules {
namespace {

/// The `count`th turn since the fact, counted in one step: thirty days after 31 January is not twice
/// as far as fifteen, and two months from the 31st are not two times one month.
CivilDate turn(const Turns& turns, CivilDate base, int count) {
  const auto& every = turns.every;
  return calendar::add(base, {every.years * count, every.months * count, every.days * count},
                       turns.method);
}

/// A number of turns that is not too many.
int turns_before(const Turns& turns, CivilDate base, CivilDate day) {
  const int days = calendar::days_between(base, day);
  const int shortest = turns.every.years * 365 + turns.every.months * 28 + turns.every.days;
  const int longest = turns.every.years * 366 + turns.every.months * 31 + turns.every.days;
  return days <= 0 || shortest <= 0 ? 0 : std::max(0, days / longest - 1);
}

}  // namespace

std::optional<CivilDate> next_turn(const Turns& turns, const Context& context,
                                   std::optional<CivilDate> first, CivilDate after) {
  const CivilDate from = first ? std::max(*first, calendar::add_days(after, 1))
                               : calendar::add_days(after, 1);
  if (turns.from == nullptr) {
    const auto found = std::lower_bound(turns.dates.begin(), turns.dates.end(), from);
    return found == turns.dates.end() ? std::nullopt : std::optional(*found);
  }
  const auto base = turns.from->get(context);
  if (!base.known()) return std::nullopt;
  for (int count = turns_before(turns, date_of(base), from);; ++count) {
    const CivilDate day = turn(turns, date_of(base), count);
    if (day >= from) return day;
  }
}

}  // namespace rappel::rules
