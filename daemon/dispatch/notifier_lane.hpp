// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "dispatch/breaker.hpp"
#include "dispatch/stages.hpp"
#include "dispatch/token_bucket.hpp"
#include "notify/message.hpp"

// What one notifier may be given at this moment: its rate, how many messages at once, the pause that
// its provider asked for, its breaker. One thread (the loop's); time is steady and an argument.

namespace rappel::dispatch {

/// How one notifier is treated; without an entry of its own, a notifier has these defaults.
struct LaneOptions {
  std::string notifier;
  double weight = 1;  ///< its share, beside other notifiers of its channel; positive
  RateLimit rate;
  std::size_t concurrency_max = 0;  ///< messages with the sender at once; 0: as its window allows
  BreakerOptions breaker;
};

/// A provider that says "too fast" and not for how long: first pause, doubled each time, and longest.
inline constexpr std::chrono::seconds throttle_pause_min{1};
inline constexpr std::chrono::seconds throttle_pause_max{60};
/// No provider silences its lane for longer than this at once.
inline constexpr std::chrono::hours retry_after_max{1};
/// Of its weight, what a provider gets that is not well yet.
inline constexpr double ailing_weight = 0.25;

/// What an operator sees of a lane.
struct LaneStatus {
  std::string notifier;
  Channel channel = Channel::email;
  bool ready = false;
  BreakerState breaker = BreakerState::closed;
  double ill_share = 0;   ///< of the last answers
  double weight = 0;      ///< as configured
  double weight_now = 0;  ///< 0: takes nothing new
  std::optional<double> per_second;  ///< this node's slice of the rate; none without a limit
  double tokens = 0;
  std::size_t waiting = 0;  ///< claimed, waiting for room
  std::size_t in_hand = 0;
  double paused_seconds = 0;  ///< still to go
  std::uint64_t pauses = 0;   ///< that its provider asked for
  std::uint64_t openings = 0;
  std::uint64_t put_off = 0;  ///< messages that found its waiting room full
};

class NotifierLane {
 public:
  using Steady = std::chrono::microseconds;
  /// What an answer has changed, for the log.
  struct Change {
    std::optional<BreakerState> breaker;
    std::optional<Steady> paused;  ///< for so long from now
  };

  explicit NotifierLane(LaneOptions options)
      : options_(std::move(options)), bucket_(options_.rate), breaker_(options_.breaker) {}

  /// How many more may be handed over, when its sender takes `window` more.
  [[nodiscard]] std::size_t room(std::size_t window, Steady now);
  /// What room() may grow to with nothing in hand and a window of `widest`.
  [[nodiscard]] std::size_t room_most(std::size_t widest, Steady now) const;
  /// Neither paused nor sick: what it lacks, if anything, is only room.
  [[nodiscard]] bool flows(Steady now) const;
  /// When it may take something again: now, or the end of its pause or rest.
  [[nodiscard]] Steady flows_again(Steady now) const;
  /// How long until room for `wanted` may have come by time alone; zero: it is not time that lacks.
  [[nodiscard]] Steady room_in(std::size_t wanted, Steady now);
  /// What it weighs now beside other providers of its channel; 0: it takes nothing new.
  [[nodiscard]] double weight_now(Steady now) const;

  void handed(std::size_t count, Steady now);
  /// An answer to a message, or (`asked`) to a question about one, which says nothing of its health.
  Change answered(const notify::SendResult& result, Steady handed_at, bool asked, Steady now);
  /// Whether nothing has been answered for too long since this message was handed over.
  [[nodiscard]] bool is_slow(Steady handed_at, Steady now) const;
  /// Such a message, not answered yet: an ill answer, to be told once.
  Change overdue(Steady handed_at, Steady now);

  void set_share(double share, Steady now) { bucket_.set_share(share, now); }
  /// Messages a second, as its limit allows or else as they went lately; never 0.
  [[nodiscard]] double pace() const;
  /// To be called once in `every`: measures the pace.
  void measure(Steady every);

  [[nodiscard]] std::size_t in_hand() const { return in_hand_; }
  [[nodiscard]] const LaneOptions& options() const { return options_; }
  [[nodiscard]] Breaker& breaker() { return breaker_; }
  [[nodiscard]] const Breaker& breaker() const { return breaker_; }
  [[nodiscard]] LaneStatus status(Steady now);

 private:
  std::optional<Steady> pause(const notify::SendResult& result, Steady now);
  Change note(Sign sign, Steady handed_at, Steady now);

  LaneOptions options_;
  TokenBucket bucket_;
  Breaker breaker_;
  std::size_t in_hand_ = 0;
  Steady last_answer_{};
  Steady paused_until_{};
  Steady throttle_pause_{throttle_pause_min};
  std::uint64_t pauses_ = 0;
  std::uint64_t openings_ = 0;
  std::uint64_t completed_ = 0;  ///< since the pace was measured
  double pace_ = 0;
};

}  // namespace rappel::dispatch
