// SPDX-License-Identifier: Apache-2.0
#include "dispatch/breaker.hpp"

#include <algorithm>
#include <limits>

namespace rappel::dispatch {

std::string_view to_string(BreakerState state) {
  switch (state) {
    case BreakerState::closed: return "closed";
    case BreakerState::open: return "open";
    case BreakerState::half_open: return "half_open";
  }
  return {};
}

BreakerState Breaker::state(Steady now) const {
  if (!open_) return BreakerState::closed;
  return now < open_until_ ? BreakerState::open : BreakerState::half_open;
}

std::size_t Breaker::allows(std::size_t in_hand, Steady now) const {
  switch (state(now)) {
    case BreakerState::closed: return std::numeric_limits<std::size_t>::max();
    case BreakerState::half_open: return in_hand == 0 ? 1 : 0;
    case BreakerState::open: break;
  }
  return 0;
}

double Breaker::ill_share() const {
  return ill_.empty() ? 0.0 : double(ill_count_) / double(ill_.size());
}

bool Breaker::ailing(Steady now) const {
  const bool well_again =
      well_in_a_row_ >= options_.well_results && now - last_ill_ >= options_.well_after;
  return open_ || (ailing_ && !well_again);
}

void Breaker::remember(Sign sign, Steady now) {
  if (ailing_ && !ailing(now)) ailing_ = false;
  const bool ill = sign == Sign::ill;
  well_in_a_row_ = ill ? 0 : well_in_a_row_ + 1;
  if (ill) last_ill_ = now;
  ill_.push_back(ill);
  ill_count_ += ill ? 1 : 0;
  if (ill_.size() > options_.window) {
    ill_count_ -= ill_.front() ? 1 : 0;
    ill_.pop_front();
  }
}

void Breaker::open(Steady wait, Steady now) {
  open_ = ailing_ = true;
  opened_at_ = now;
  rest_ = std::min(wait, options_.open_for_max);
  open_until_ = now + rest_;
  probes_well_ = 0;
}

void Breaker::rest_at_most(Steady rest) {
  if (open_) open_until_ = std::min(open_until_, opened_at_ + rest);
}

/// Only what was handed over since it may be tried again says how it is now.
std::optional<BreakerState> Breaker::record_probe(Sign sign, Steady handed_at, Steady now) {
  if (now < open_until_ || handed_at < open_until_) return std::nullopt;
  if (sign == Sign::ill) {
    open(rest_ * 2, now);
    return BreakerState::open;
  }
  if (++probes_well_ < options_.probes) return std::nullopt;
  open_ = false;
  closed_at_ = now;
  // What it answered before its rest is no measure of the answers to come.
  ill_.clear();
  ill_count_ = 0;
  return BreakerState::closed;
}

std::optional<BreakerState> Breaker::record(Sign sign, Steady handed_at, Steady now) {
  if (sign == Sign::none) return std::nullopt;
  remember(sign, now);
  if (open_) return record_probe(sign, handed_at, now);
  if (ill_.size() < options_.results_min) return std::nullopt;
  if (ill_share() >= options_.ailing_share) ailing_ = true;
  if (ill_share() < options_.open_share) return std::nullopt;
  const bool relapse = closed_at_ && now - *closed_at_ < options_.relapse_within;
  open(relapse ? rest_ * 2 : options_.open_for, now);
  return BreakerState::open;
}

}  // namespace rappel::dispatch
