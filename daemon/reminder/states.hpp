// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace rappel {

/// State machines, drawn in docs/STATE_MACHINES.md and mirrored by one SQL CHECK each.
/// Pure; any thread.

enum class DeadlineState { open, met, missed, withdrawn, superseded };

enum class ReminderState {
  planned,      ///< waits for its instant
  claimed,      ///< taken by the owner of its shard; nothing has left yet
  in_flight,    ///< handed, or about to be handed, to a sender: a crash now may mean a duplicate
  sent,         ///< the provider took it; a receipt may follow
  delivered,    ///< final: a receipt or an inbox says it arrived
  failed,       ///< final: refused or bounced, and no other way was left
  retry_wait,   ///< the provider said later; `next_at` says when
  unknown,      ///< nobody knows whether it left: ask the provider, or follow the class's policy
  suppressed,   ///< final: deliberately not sent, with the reason
  cancelled,    ///< final: withdrawn by a person or by an event
  expired,      ///< final: its sense was gone before it could be sent
  dead          ///< final: every attempt used up or parked as poison; a task tells a human
};

enum class DeliveryState {
  in_flight,
  sent,
  delivered,
  failed,
  unknown
};

std::string_view to_string(DeadlineState state);
std::string_view to_string(ReminderState state);
std::string_view to_string(DeliveryState state);
std::optional<DeadlineState> parse_deadline_state(std::string_view text);
std::optional<ReminderState> parse_reminder_state(std::string_view text);
std::optional<DeliveryState> parse_delivery_state(std::string_view text);

/// Every state, in the order of the enum; for SQL CHECKs, docs and tests.
std::span<const ReminderState> all_reminder_states();
std::span<const DeadlineState> all_deadline_states();

/// Whether the machine has an arrow from one state to the other.
bool may_become(ReminderState from, ReminderState to);
bool may_become(DeadlineState from, DeadlineState to);

/// Nothing can happen to it any more.
bool is_final(ReminderState state);

/// It has left, or nothing can happen to it any more: no work is left to do on it.
bool is_settled(ReminderState state);

/// The planner may still move, re-word or cancel it: nothing has left.
bool is_pending(ReminderState state);

}  // namespace rappel
