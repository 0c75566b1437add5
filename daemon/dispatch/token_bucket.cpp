// SPDX-License-Identifier: Apache-2.0
#include "dispatch/token_bucket.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rappel::dispatch {
namespace {

/// Sums of many small fillings fall short of a whole token by less than this.
constexpr double rounding = 1e-9;

}  // namespace

void TokenBucket::fill(Steady now) {
  const std::chrono::duration<double> since = std::max(now - filled_at_, Steady{0});
  filled_at_ = std::max(now, filled_at_);
  tokens_ = std::min(most(), tokens_ + per_second() * since.count());
}

double TokenBucket::most() const { return std::max(1.0, limit_.burst * share_); }

void TokenBucket::set_share(double share, Steady now) {
  fill(now);
  share_ = share;
  tokens_ = std::min(tokens_, most());
}

double TokenBucket::tokens(Steady now) {
  fill(now);
  return tokens_;
}

std::size_t TokenBucket::available(Steady now) {
  if (!limited()) return std::numeric_limits<std::size_t>::max();
  const double whole = std::floor(tokens(now) + rounding);
  return share_ > 0 && whole > 0 ? std::size_t(whole) : 0;
}

void TokenBucket::take(std::size_t count, Steady now) {
  if (!limited()) return;
  fill(now);
  tokens_ -= double(count);
}

TokenBucket::Steady TokenBucket::wait(std::size_t count, Steady now) {
  if (!limited()) return Steady{0};
  const double missing = std::min(double(count), std::floor(most())) - tokens(now);
  if (missing <= rounding) return Steady{0};
  if (per_second() <= 0) return Steady::max();
  return Steady{std::int64_t(std::ceil(missing / per_second() * 1e6))};
}

}  // namespace rappel::dispatch
