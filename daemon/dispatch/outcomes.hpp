// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "notify/message.hpp"
#include "store/store.hpp"

namespace rappel::dispatch {

/// When a provider says "later": full jitter over an exponential ceiling (first, 2·first, … ≤ last),
/// never past the reminder's usefulness.
struct RetryPolicy {
  std::chrono::milliseconds first{60'000};
  std::chrono::milliseconds last{3'600'000};
  std::uint32_t attempts_max = 12;
  /// How long to wait before settling an outcome nobody knows.
  std::chrono::milliseconds unknown_delay{5'000};
};

/// A message that has left, or is about to: what is needed to write down its outcome.
struct Flying {
  TenantId tenant;
  Reminder reminder;
  Delivery delivery;
  bool more_channels = false;  ///< another way is open besides this one
  bool outcome_unknown = false;  ///< an earlier attempt may have left
  bool ask_only = false;         ///< nothing is sent: its provider is asked what became of it
  std::optional<InboxMessage> inbox;
  std::chrono::microseconds handed_at{};  ///< to its sender; steady time
  bool overdue = false;                   ///< its slowness has been counted
};

/// How the reminder goes on after the provider's answer. `jitter` is in [0, 1). Pure.
store::Settlement settle_result(const Flying& flying, const notify::SendResult& result,
                                const RetryPolicy& policy, Instant now, double jitter);

/// A message that never reached a sender (it went away, or the daemon stops): nothing left, so it is
/// simply due again.
store::Settlement settle_unsent(const Flying& flying, Instant now);

/// A task that tells a human: every escalation ends in one.
Task human_task(const Reminder& reminder, std::string reason, Instant now);

}  // namespace rappel::dispatch
