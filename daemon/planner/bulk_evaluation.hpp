// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "message/catalogue.hpp"
#include "planner/planner.hpp"
#include "rules/rule_book.hpp"
#include "store/store.hpp"

namespace rappel::planner {

/// What a re-evaluation of many citizens is done with.
struct Evaluator {
  const rules::RuleBook& rules;
  const message::Catalogue& messages;
  const store::Tenant& tenant;         ///< whose country's law, and whose zone
  std::chrono::minutes reevaluate_at;  ///< local hour of a date's re-evaluation
};

struct BulkEvaluation {
  std::size_t changed = 0;         ///< citizens whose deadlines or reminders are not what they were
  std::vector<store::Work> works;  ///< what the scheduler must hear of after the commit
};

/// Brings citizens of the transaction's tenant up to the rules, from their stored profiles, and marks
/// them with the rules' fingerprint. Deadlines and reminders are read only of those to whom the rules
/// say something else than before (Citizen::evaluation), or for whom a date was reached; one statement
/// reads or writes each kind of row for all of them. Who was erased meanwhile is left out.
/// Throws std::runtime_error when a reminder does not have what its message needs.
BulkEvaluation evaluate_all(store::Transaction& transaction, std::span<const CitizenId> citizens,
                            const Evaluator& evaluator, Instant now);

}  // namespace rappel::planner
