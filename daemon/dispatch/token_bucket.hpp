// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

namespace rappel::dispatch {

/// How fast a notifier may send. One thread; time is an argument and never goes back.
struct RateLimit {
  double per_second = 0;  ///< messages; 0: no limit
  double burst = 1;       ///< messages that may leave at once after a quiet while, at least 1
};

/// The classic token bucket, for one node's slice of the limit. Over any time t at most
/// share × (per_second × t) + max(1, share × burst) messages leave; it starts empty, so that neither a
/// restart nor a take-over adds a burst to what another node has just sent.
class TokenBucket {
 public:
  using Steady = std::chrono::microseconds;

  explicit TokenBucket(RateLimit limit) : limit_(limit) {}

  [[nodiscard]] bool limited() const { return limit_.per_second > 0; }
  /// This node's slice of the limit, 0 to 1: what it gains fills from empty, what it loses is cut off.
  void set_share(double share, Steady now);
  [[nodiscard]] double share() const { return share_; }
  /// How many messages may leave now; without a limit, the largest number.
  [[nodiscard]] std::size_t available(Steady now);
  /// So many have left. What was promised and leaves after the slice became smaller is repaid.
  void take(std::size_t count, Steady now);
  /// How long until `count` may leave, or the most that ever may; nothing comes of a slice of 0.
  [[nodiscard]] Steady wait(std::size_t count, Steady now);
  /// The most that may ever leave at once.
  [[nodiscard]] double most() const;
  [[nodiscard]] double per_second() const { return limit_.per_second * share_; }
  [[nodiscard]] double tokens(Steady now);

 private:
  void fill(Steady now);

  RateLimit limit_;
  double share_ = 0;
  double tokens_ = 0;
  Steady filled_at_{};
};

}  // namespace rappel::dispatch
