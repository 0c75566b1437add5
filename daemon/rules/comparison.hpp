// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_book.hpp"

// What a change of rules does to one person, for a dry run before it is put in force.

namespace rappel::rules {

enum class Change {
  appears,     ///< a deadline that there was not
  disappears,  ///< one that there is no more
  moves,       ///< another last day, opening, day that is surely in time, or state
  reminds,     ///< the same days, other reminders
  rewords      ///< only its explanation, consequence or the values of its messages differ
};
std::string_view to_string(Change change);

struct Difference {
  Change change = Change::appears;
  std::string rule, subject, occurrence;
  std::optional<PlannedDeadline> before, after;
};

/// The deadlines that differ between two full evaluations of one profile on one day, in the order of
/// `after`, then those that disappear. A new version number alone is no difference.
std::vector<Difference> compare(const Evaluation& before, const Evaluation& after);

}  // namespace rappel::rules
