// SPDX-License-Identifier: Apache-2.0
#include "calendar/recurrence.hpp"

#include <algorithm>

namespace rappel::calendar {

Recurrence::Cursor::Cursor(const Recurrence& recurrence)
    : added_(recurrence.added_), excluded_(recurrence.excluded_) {
  for (const auto& rule : recurrence.rules_) {
    sources_.push_back({RuleCursor(rule, recurrence.start_), std::nullopt});
    sources_.back().head = sources_.back().cursor.next();
  }
}

std::optional<LocalDateTime> Recurrence::Cursor::next() {
  auto local = take_first();
  while (local && std::binary_search(excluded_.begin(), excluded_.end(), *local))
    local = take_first();
  return local;
}

/// The earliest time of all, taken off everything that holds it.
std::optional<LocalDateTime> Recurrence::Cursor::take_first() {
  std::optional<LocalDateTime> first;
  if (added_place_ < added_.size()) first = added_[added_place_];
  for (const auto& source : sources_) {
    if (source.head && (!first || *source.head < *first)) first = source.head;
  }
  if (!first) return std::nullopt;
  if (added_place_ < added_.size() && added_[added_place_] == *first) ++added_place_;
  for (auto& source : sources_) {
    if (source.head == first) source.head = source.cursor.next();
  }
  return first;
}

void Recurrence::Cursor::skip_to(LocalDateTime from) {
  while (added_place_ < added_.size() && added_[added_place_] < from) ++added_place_;
  for (auto& source : sources_) {
    if (source.head && *source.head < from) source.cursor.skip_to(from);
    while (source.head && *source.head < from) source.head = source.cursor.next();
  }
}

bool Recurrence::Cursor::gave_up() const {
  return std::any_of(sources_.begin(), sources_.end(),
                     [](const Source& source) { return source.cursor.gave_up(); });
}

Recurrence::Cursor Recurrence::begin() const {
  return Cursor(*this);
}

std::optional<LocalDateTime> Recurrence::next_from(LocalDateTime from) const {
  auto cursor = begin();
  cursor.skip_to(from);
  return cursor.next();
}

std::vector<CivilDate> Recurrence::days_between(CivilDate from, CivilDate until,
                                                std::size_t max) const {
  std::vector<CivilDate> days;
  auto cursor = begin();
  cursor.skip_to(local_at(from));
  while (days.size() < max) {
    const auto local = cursor.next();
    if (!local || date_of(*local) > until) break;
    if (days.empty() || days.back() != date_of(*local)) days.push_back(date_of(*local));
  }
  return days;
}

}  // namespace rappel::calendar
