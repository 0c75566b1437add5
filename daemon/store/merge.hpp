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

/// Whether it is one that a person scheduled and that nothing has happened to: planned, of no deadline,
/// never statutory, sent when it can be if it is late.
bool is_scheduled(const Reminder& reminder);

}  // namespace rappel::store
