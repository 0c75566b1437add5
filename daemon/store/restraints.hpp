// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/id.hpp"
#include "base/instant.hpp"
#include "reminder/reminder.hpp"
#include "reminder/silence.hpp"

// What the store tells of what may keep a message from leaving.

namespace rappel::store {

/// Another reminder of the same citizen whose message left a short while ago, or is about to.
struct RecentMessage {
  ReminderId reminder;
  bool statutory = false;
  Lane lane = Lane::transactional;
  std::string rule;  ///< empty: a caseworker scheduled it
  Instant at{};      ///< when it left; of one that is about to leave: now
};
/// How far back recent messages go: the longest day of any zone has 25 hours.
inline constexpr std::chrono::hours recent_messages_reach{25};
/// A message that left later than this after it was due is not among the recent ones.
inline constexpr std::chrono::days recent_messages_late_max{31};

/// What waits to be sent: for the preview of a silence.
struct WaitingQuery {
  Instant until{};         ///< next_at before this
  std::string rule;        ///< as names_rule() reads it
  std::size_t limit = 1'000;
};

}  // namespace rappel::store
