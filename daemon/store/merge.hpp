// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "reminder/reminder.hpp"

namespace rappel::store {

/// What a stored reminder becomes when the planner writes it again; nothing when it stays as it is.
/// One rule for every implementation. `doubtful`: it was claimed while its outcome was unknown.
std::optional<Reminder> merged(const Reminder& stored, bool doubtful, const Reminder& incoming);

/// A new row as it is stored: it never acts before it is due.
Reminder as_inserted(const Reminder& incoming);

}  // namespace rappel::store
