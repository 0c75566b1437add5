// SPDX-License-Identifier: Apache-2.0
#include "dispatch/notifier_lane.hpp"

#include <algorithm>

namespace rappel::dispatch {
namespace {

using notify::ResultClass;

/// A message refused, or put off for its own sake, shows a provider that works.
Sign sign_of(ResultClass result) {
  switch (result) {
    case ResultClass::accepted:
    case ResultClass::delivered:
    case ResultClass::bad_address:
    case ResultClass::rejected:
    case ResultClass::try_later: return Sign::well;
    case ResultClass::provider_down:
    case ResultClass::unknown: return Sign::ill;
    // It works, and has too much to do: its pause is the answer to that.
    case ResultClass::throttled: return Sign::none;
  }
  return Sign::none;
}

bool speaks_of_itself(ResultClass result) {
  return result == ResultClass::throttled || result == ResultClass::try_later ||
         result == ResultClass::provider_down;
}

}  // namespace

std::size_t NotifierLane::room_most(std::size_t widest, Steady now) const {
  std::size_t most = widest;
  if (options_.concurrency_max > 0) most = std::min(most, options_.concurrency_max);
  if (bucket_.limited()) most = std::min(most, std::size_t(bucket_.most()));
  return flows(now) ? std::min(most, breaker_.allows(0, now)) : 0;
}

std::size_t NotifierLane::room(std::size_t window, Steady now) {
  if (!flows(now)) return 0;
  if (options_.concurrency_max > 0)
    window = std::min(window, options_.concurrency_max - std::min(in_hand_, options_.concurrency_max));
  return std::min({window, bucket_.available(now), breaker_.allows(in_hand_, now)});
}

bool NotifierLane::flows(Steady now) const {
  return now >= paused_until_ && breaker_.state(now) != BreakerState::open;
}

NotifierLane::Steady NotifierLane::flows_again(Steady now) const {
  Steady at = std::max(now, paused_until_);
  if (breaker_.state(now) == BreakerState::open) at = std::max(at, breaker_.open_until());
  return at;
}

NotifierLane::Steady NotifierLane::room_in(std::size_t wanted, Steady now) {
  return std::max(flows_again(now) - now, bucket_.wait(wanted, now));
}

double NotifierLane::weight_now(Steady now) const {
  if (!flows(now) || breaker_.allows(in_hand_, now) == 0) return 0;
  return options_.weight * (breaker_.ailing(now) ? ailing_weight : 1.0);
}

void NotifierLane::handed(std::size_t count, Steady now) {
  in_hand_ += count;
  bucket_.take(count, now);
}

std::optional<NotifierLane::Steady> NotifierLane::pause(const notify::SendResult& result,
                                                        Steady now) {
  if (!speaks_of_itself(result.result)) return std::nullopt;
  const bool was_paused = now < paused_until_;
  Steady pause{};
  if (result.retry_after) {
    pause = std::min<Steady>(*result.retry_after, retry_after_max);
  } else if (result.result == ResultClass::throttled && !was_paused) {
    pause = throttle_pause_;
    throttle_pause_ = std::min<Steady>(throttle_pause_ * 2, throttle_pause_max);
  }
  if (now + pause <= paused_until_ || pause <= Steady{0}) return std::nullopt;
  paused_until_ = now + pause;
  if (was_paused) return std::nullopt;
  ++pauses_;
  return pause;
}

NotifierLane::Change NotifierLane::note(Sign sign, Steady handed_at, Steady now) {
  Change change;
  change.breaker = breaker_.record(sign, handed_at, now);
  if (change.breaker == BreakerState::open) ++openings_;
  return change;
}

/// Slow is ill, whatever the answer. A message that waits in its sender behind others that are being
/// answered is not slow.
bool NotifierLane::is_slow(Steady handed_at, Steady now) const {
  return now - std::max(handed_at, last_answer_) > options_.breaker.slow_after;
}

NotifierLane::Change NotifierLane::answered(const notify::SendResult& result, Steady handed_at,
                                            bool asked, Steady now) {
  in_hand_ -= std::min<std::size_t>(in_hand_, 1);
  ++completed_;
  Sign sign = asked ? Sign::none : sign_of(result.result);
  if (sign != Sign::none && is_slow(handed_at, now)) sign = Sign::ill;
  last_answer_ = now;
  if (sign == Sign::well && result.result != ResultClass::try_later)
    throttle_pause_ = throttle_pause_min;
  Change change = note(sign, handed_at, now);
  change.paused = pause(result, now);
  return change;
}

NotifierLane::Change NotifierLane::overdue(Steady handed_at, Steady now) {
  return note(Sign::ill, handed_at, now);
}

double NotifierLane::pace() const {
  constexpr double pace_min = 1.0;
  const double pace = bucket_.limited() ? bucket_.per_second() : pace_;
  return std::max(pace, pace_min);
}

void NotifierLane::measure(Steady every) {
  constexpr double newest_share = 0.3;
  const double latest = double(completed_) / std::chrono::duration<double>(every).count();
  completed_ = 0;
  pace_ = pace_ == 0 ? latest : pace_ * (1 - newest_share) + latest * newest_share;
}

LaneStatus NotifierLane::status(Steady now) {
  LaneStatus status;
  status.notifier = options_.notifier;
  status.breaker = breaker_.state(now);
  status.ill_share = breaker_.ill_share();
  status.weight = options_.weight;
  status.weight_now = weight_now(now);
  if (bucket_.limited()) status.per_second = bucket_.per_second();
  if (bucket_.limited()) status.tokens = bucket_.tokens(now);
  status.in_hand = in_hand_;
  const std::chrono::duration<double> left = std::max(paused_until_ - now, Steady{0});
  status.paused_seconds = left.count();
  status.pauses = pauses_;
  status.openings = openings_;
  return status;
}

}  // namespace rappel::dispatch
