// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "simulation/chance.hpp"
#include "simulation/trace.hpp"
#include "simulation/witness.hpp"
#include "store/store.hpp"

namespace rappel::simulation {

/// What may go wrong at each step, and how often. Faults come in storms; in a calm nothing goes wrong.
class Faults {
 public:
  Faults(Timeline& timeline, Trace& trace, Witness& witness, std::uint64_t seed)
      : timeline_(timeline), trace_(trace), witness_(witness), chance_(seed) {}

  bool storm = false;
  Instant database_away_until = Instant::min();

  /// Before and after the store works: throws StoreUnavailable, and may end the process that asked.
  void before(const char* operation, double weight);
  void after(const char* operation, double weight);
  /// A queue of jobs is full.
  [[nodiscard]] bool queue_full() { return storm && chance_.of(queue_full_chance); }
  /// A node stands still before it runs a job: for how long; nothing: it runs.
  [[nodiscard]] std::chrono::microseconds standstill(std::chrono::microseconds lease);
  /// The process ends here: nothing of it happens any more.
  void kill(Process& process, const char* where);

  [[nodiscard]] Chance& chance() { return chance_; }
  [[nodiscard]] std::uint64_t kills() const { return kills_; }
  [[nodiscard]] std::uint64_t failures() const { return failures_; }
  [[nodiscard]] std::uint64_t standstills() const { return standstills_; }

 private:
  static constexpr double failure_chance = 0.04, kill_chance = 0.02, pause_chance = 0.012,
                          queue_full_chance = 0.01;
  void play(const char* operation, double weight, const char* when);

  Timeline& timeline_;
  Trace& trace_;
  Witness& witness_;
  Chance chance_;
  std::uint64_t kills_ = 0, failures_ = 0, standstills_ = 0;
};

}  // namespace rappel::simulation
