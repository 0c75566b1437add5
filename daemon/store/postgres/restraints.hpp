// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "store/records.hpp"
#include "store/postgres/session.hpp"

namespace rappel::store::postgres {

/// Tells what was taken of its citizens' recent messages and of the silences that hold.
void add_restraints(Session& session, Shard shard, std::vector<ClaimedReminder>& taken, Instant now);

}  // namespace rappel::store::postgres
