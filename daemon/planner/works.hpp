// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/store.hpp"

// What the scheduler must hear of after a commit.

namespace rappel::planner {

inline store::Work work_of(TenantId tenant, const Reminder& reminder) {
  return {store::WorkKind::remind, tenant, reminder.id.bytes(), reminder.next_at,
          reminder.attempt};
}

/// The re-evaluation that the citizen waits for; there is one.
inline store::Work work_of(const store::Citizen& citizen) {
  return {store::WorkKind::reevaluate, citizen.tenant, citizen.id.bytes(),
          citizen.reevaluate_at.value(), 0};
}

}  // namespace rappel::planner
