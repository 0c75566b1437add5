// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "store/store.hpp"

// What the scheduler must hear of after a commit.

namespace rappel::planner {

inline store::Work work_of(TenantId tenant, const Reminder& reminder) {
  return {store::WorkKind::remind, tenant, reminder.id.bytes(), reminder.next_at,
          reminder.attempt, urgency_of(reminder)};
}

/// The re-evaluation that the citizen waits for; there is one.
inline store::Work work_of(const store::Citizen& citizen) {
  return {store::WorkKind::reevaluate, citizen.tenant, citizen.id.bytes(),
          citizen.reevaluate_at.value(), 0, Lane::transactional};
}

/// What is kept of an evaluation (Citizen::evaluation): its digest, and by which rules it was made. A
/// node that knows no digests leaves an old one behind its own rulebook: then they do not match.
inline std::string evaluation_mark(std::string digest, const std::string& rulebook) {
  return std::move(digest) + rulebook;
}

}  // namespace rappel::planner
