// SPDX-License-Identifier: Apache-2.0
#include "dispatch/outcomes.hpp"

#include <algorithm>
#include <cmath>

namespace rappel::dispatch {
namespace {

using notify::ResultClass;
using std::chrono::microseconds;
using store::Settlement;

/// Attempts after which the ceiling of the back-off no longer doubles.
constexpr std::uint32_t doublings_max = 20;
constexpr std::size_t provider_text_bytes_max = 200;
/// A sender that went away is not there again at once.
constexpr std::chrono::seconds unsent_delay{1};

/// What a provider wrote, fit for a log line and for the database: printable ASCII, not too long.
std::string printable(const std::string& text) {
  std::string clean = text.substr(0, provider_text_bytes_max);
  std::replace_if(clean.begin(), clean.end(), [](char c) { return c < 0x20 || c > 0x7e; }, '?');
  return clean;
}

Settlement base(const Flying& flying, const notify::SendResult& result, Instant now) {
  Settlement settlement;
  settlement.tenant = flying.tenant;
  settlement.reminder = flying.reminder.id;
  settlement.due_at = flying.reminder.due_at;
  settlement.attempt = flying.reminder.attempt;
  settlement.channel_index = flying.reminder.channel_index;
  settlement.tries = flying.reminder.tries;
  Delivery delivery = flying.delivery;
  delivery.result = notify::to_string(result.result);
  delivery.detail = printable(result.detail);
  if (!result.provider_id.empty()) delivery.provider_id = printable(result.provider_id);
  delivery.finished_at = now;
  settlement.delivery = std::move(delivery);
  return settlement;
}

Event outcome_event(const Flying& flying, std::string type, Instant now) {
  Event event;
  event.id = EventId::derived(flying.reminder.id.shard(),
                              flying.delivery.id.to_string() + "/" + type);
  event.citizen = flying.reminder.citizen;
  event.type = std::move(type);
  event.occurred_at = now;
  event.recorded_at = now;
  event.source = "rappeld";
  event.data["reminder"] = flying.reminder.id.to_string();
  event.data["channel"] = to_string(flying.delivery.channel);
  return event;
}

void succeed(Settlement& settlement, const Flying& flying, bool arrived, Instant now) {
  settlement.to = arrived ? ReminderState::delivered : ReminderState::sent;
  settlement.delivery->state = arrived ? DeliveryState::delivered : DeliveryState::sent;
  settlement.inbox = flying.inbox;
  settlement.event = outcome_event(flying, arrived ? "reminder.delivered" : "reminder.sent", now);
}

/// This way is closed for good: the next one on the ladder, or a human.
void next_channel(Settlement& settlement, const Flying& flying, std::string reason, Instant now) {
  settlement.delivery->state = DeliveryState::failed;
  settlement.reason = reason;
  if (flying.more_channels) {
    settlement.to = ReminderState::retry_wait;
    settlement.next_at = now;
    settlement.tries = 0;
    ++settlement.channel_index;
    return;
  }
  settlement.to = ReminderState::failed;
  settlement.task = human_task(flying.reminder, std::move(reason), now);
  settlement.event = outcome_event(flying, "reminder.failed", now);
}

/// Still nobody knows: asked again later, or the next way once that was tried often enough.
void stay_unknown(Settlement& settlement, const Flying& flying, const RetryPolicy& policy,
                  Instant now) {
  if (++settlement.tries >= policy.attempts_max)
    return next_channel(settlement, flying, "unknown_outcome", now);
  settlement.to = ReminderState::unknown;
  settlement.reason = "outcome_unknown";
  settlement.next_at = now + policy.unknown_delay;
  settlement.delivery->state = DeliveryState::unknown;
}

void retry(Settlement& settlement, const Flying& flying, const notify::SendResult& result,
           const RetryPolicy& policy, Instant now, double jitter) {
  // An answer of "later" to a question says nothing of the message asked about.
  if (flying.ask_only) return stay_unknown(settlement, flying, policy, now);
  const auto doublings = std::min(settlement.tries++, doublings_max);
  const auto ceiling = std::min<std::chrono::duration<double, std::milli>>(
      policy.last,
      std::chrono::duration<double, std::milli>(policy.first) * std::pow(2.0, doublings));
  auto wait = std::chrono::duration_cast<microseconds>(ceiling * jitter);
  if (result.retry_after) wait = std::max<microseconds>(wait, *result.retry_after);
  const Instant next = now + wait;
  const bool useless = flying.reminder.expires_at && next >= *flying.reminder.expires_at;
  if (useless || settlement.tries >= policy.attempts_max)
    return next_channel(settlement, flying, "no_answer_from_provider", now);
  settlement.to = ReminderState::retry_wait;
  settlement.reason = notify::to_string(result.result);
  settlement.next_at = next;
  settlement.delivery->state = DeliveryState::failed;
}

}  // namespace

Task human_task(const Reminder& reminder, std::string reason, Instant now) {
  Task task;
  task.id = task_id_of(reminder.id, reason);
  task.citizen = reminder.citizen;
  task.reminder = reminder.id;
  task.kind = reason == "bad_address" ? "check_address" : "call";
  task.urgency = reminder.statutory ? 0 : 1;
  task.created_at = now;
  task.due_on = reminder.due_on;
  task.detail["message"] = reminder.message;
  task.detail["stage"] = reminder.stage;
  task.reason = std::move(reason);
  return task;
}

Settlement settle_result(const Flying& flying, const notify::SendResult& result,
                         const RetryPolicy& policy, Instant now, double jitter) {
  Settlement settlement = base(flying, result, now);
  switch (result.result) {
    case ResultClass::accepted:
      succeed(settlement, flying, false, now);
      break;
    case ResultClass::delivered:
      succeed(settlement, flying, true, now);
      break;
    case ResultClass::try_later:
    case ResultClass::throttled:
    case ResultClass::provider_down:
      retry(settlement, flying, result, policy, now, jitter);
      break;
    case ResultClass::bad_address:
      next_channel(settlement, flying, "bad_address", now);
      settlement.event = outcome_event(flying, "contact.failed", now);
      settlement.reevaluate = true;
      if (const auto* to = flying.delivery.record.if_contains("to"))
        settlement.event->data["address"] = *to;
      break;
    case ResultClass::rejected:
      settlement.to = ReminderState::dead;
      settlement.reason = "rejected";
      settlement.delivery->state = DeliveryState::failed;
      settlement.task = human_task(flying.reminder, "rejected", now);
      settlement.event = outcome_event(flying, "reminder.failed", now);
      break;
    case ResultClass::unknown:
      stay_unknown(settlement, flying, policy, now);
      break;
  }
  return settlement;
}

Settlement settle_unsent(const Flying& flying, Instant now) {
  notify::SendResult result;
  result.result = ResultClass::provider_down;
  result.detail = "no sender was there to take it";
  Settlement settlement = base(flying, result, now);
  settlement.to = flying.outcome_unknown ? ReminderState::unknown : ReminderState::retry_wait;
  settlement.reason = "sender_not_ready";
  settlement.next_at = now + unsent_delay;
  settlement.delivery->state =
      flying.outcome_unknown ? DeliveryState::unknown : DeliveryState::failed;
  return settlement;
}

}  // namespace rappel::dispatch
