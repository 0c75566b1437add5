// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string_view>

namespace rappel::dispatch {

/// When a provider counts as sick, and how it is tried again.
struct BreakerOptions {
  std::size_t window = 50;       ///< the last answers that are looked at
  std::size_t results_min = 10;  ///< fewer say nothing
  double open_share = 0.5;       ///< ill answers among them that open the breaker
  double ailing_share = 0.2;     ///< from here on it gets less, where others share its channel
  std::chrono::microseconds slow_after{10'000'000};  ///< no answer at all for so long is an ill one
  std::chrono::microseconds open_for{5'000'000};     ///< first rest, doubled at each failed probe …
  std::chrono::microseconds open_for_max{300'000'000};  ///< … up to this
  std::chrono::microseconds relapse_within{60'000'000};  ///< opened again so soon, it rests longer
  std::size_t probes = 3;  ///< good answers in a row, asked for one at a time, that close it
  std::size_t well_results = 20;  ///< good answers in a row …
  std::chrono::microseconds well_after{30'000'000};  ///< … over so long, until it counts as well
};

enum class BreakerState { closed, open, half_open };
std::string_view to_string(BreakerState state);

/// What one answer says of its provider's health.
enum class Sign { well, ill, none };

/// The circuit breaker of one provider, and its health with hysteresis. Sick (open, then half open with
/// single probes), ailing (closed, but not trusted fully yet) or well. One thread; time is steady and
/// an argument.
class Breaker {
 public:
  using Steady = std::chrono::microseconds;

  explicit Breaker(BreakerOptions options) : options_(options) {}

  /// One answer to what was handed over at `handed_at`. Returns the new state when it changed.
  std::optional<BreakerState> record(Sign sign, Steady handed_at, Steady now);
  [[nodiscard]] BreakerState state(Steady now) const;
  /// How many more may be handed over while `in_hand` are.
  [[nodiscard]] std::size_t allows(std::size_t in_hand, Steady now) const;
  /// It was sick or had many ill answers, and has not been well for long enough since.
  [[nodiscard]] bool ailing(Steady now) const;
  /// Of the answers looked at, how many were ill: 0 to 1.
  [[nodiscard]] double ill_share() const;
  [[nodiscard]] Steady open_until() const { return open_until_; }
  /// Nobody else serves its channel: it rests no longer than `rest` from when it opened.
  void rest_at_most(Steady rest);

 private:
  void open(Steady wait, Steady now);
  std::optional<BreakerState> record_probe(Sign sign, Steady handed_at, Steady now);
  void remember(Sign sign, Steady now);

  BreakerOptions options_;
  bool open_ = false;  ///< or half open, once open_until_ is reached
  Steady opened_at_{};
  Steady open_until_{};
  Steady rest_{};  ///< the last one
  std::optional<Steady> closed_at_;
  std::size_t probes_well_ = 0;
  std::deque<bool> ill_;  ///< the last answers, oldest first
  std::size_t ill_count_ = 0;
  bool ailing_ = false;
  std::size_t well_in_a_row_ = 0;
  Steady last_ill_{};
};

}  // namespace rappel::dispatch
