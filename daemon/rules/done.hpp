// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "calendar/period.hpp"
#include "rules/facts.hpp"

namespace rappel::rules {

/// Whether something about this subject comes back under the same name: a new test of a vehicle, a
/// benefit renewed.
inline bool comes_back(Scope scope, const std::string& occurrence) {
  return !occurrence.empty() || scope == Scope::vehicle || scope == Scope::benefit ||
         scope == Scope::claim;
}

/// Whether somebody said that this turn of the rule is done for this subject. A mark without
/// occurrence speaks of the turn of its year where there are several, and else for good.
inline bool marked_done(const Context& context, Scope scope, const std::string& subject,
                        const std::string& occurrence, CivilDate due_on) {
  const auto& marks = context.profile.done;
  return std::any_of(marks.begin(), marks.end(), [&](const profile::Done& mark) {
    if (mark.rule != context.rule || mark.subject != subject) return false;
    if (!mark.occurrence.empty()) return mark.occurrence == occurrence;
    return !comes_back(scope, occurrence) || mark.on >= calendar::add(due_on, {-1, 0, 0});
  });
}

}  // namespace rappel::rules
