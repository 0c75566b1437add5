// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "calendar/zone.hpp"
#include "reminder/deadline.hpp"
#include "reminder/reminder.hpp"
#include "rules/rule_book.hpp"

namespace rappel::planner {

/// Why a reminder is cancelled that a caseworker took back; it is not planned again for its date.
inline constexpr const char* withdrawn_by_caseworker = "withdrawn_by_caseworker";

/// What a citizen has today, as the store knows it.
struct Existing {
  std::vector<Deadline> deadlines;
  std::vector<Reminder> reminders;
};

/// What must be written so that the store says what the rules say.
struct Plan {
  std::vector<Deadline> deadlines;  ///< new or changed
  std::vector<Reminder> reminders;  ///< new, re-dated or closed
};

/// Compares what the rules want with what exists. Pure and deterministic; planning twice changes
/// nothing the second time.
/// - A stage that has not left is re-dated in place; one that has left for the same due date stays
///   as it is; one that had left for another due date is planned anew.
/// - Stages whose day is already past are not planned, but for the latest of them when nothing of
///   this deadline was ever sent: it goes at the stage's hour, at the next opportunity.
/// - A deadline that is met, withdrawn or over takes its pending reminders with it.
Plan make_plan(const rules::Evaluation& wanted, const Existing& existing, CitizenId citizen,
               const calendar::Zone& zone, Instant now);

}  // namespace rappel::planner
