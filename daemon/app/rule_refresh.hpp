// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <optional>

#include "base/loop.hpp"
#include "planner/planner.hpp"
#include "store/store.hpp"

namespace rappel::app {

/// After the rules have changed, brings every citizen of our shards up to them in the background, a
/// small batch at a time with a pause after each. What is done is marked with the citizen: a crash,
/// a restart or another node goes on where this one stopped. Loop thread.
class RuleRefresh {
 public:
  struct Options {
    std::size_t batch = 250;                ///< citizens in one transaction
    std::size_t citizens_per_second = 2'000;  ///< never more: requests and sending go first
    std::chrono::seconds look_again{1};     ///< for shards that have come to us
    std::chrono::seconds try_again{30};     ///< after the database has failed
    /// Every shard is searched once more: a node of other rules may have written into ours.
    std::chrono::seconds search_all{3'600};
  };
  struct Progress {
    std::uint64_t looked_at = 0;
    std::uint64_t changed = 0;  ///< of these, got other deadlines or reminders
    std::size_t shards_left = 0;  ///< of ours, not searched yet in this round
  };
  /// Since which epoch a shard is ours; nothing when it is not.
  using EpochOf = std::function<std::optional<std::uint64_t>(Shard)>;

  RuleRefresh(store::Store& store, Loop& loop, Jobs& jobs, planner::Planner& planner,
              EpochOf epoch_of, Options options);

  /// Begins a round from the first shard: at the start, and whenever the rules were replaced.
  void start_over();
  void stop() { stopped_ = true; }
  [[nodiscard]] Progress progress() const;

 private:
  struct Step {
    std::vector<store::CitizenKey> citizens;
    std::size_t changed = 0;
    bool stale = false;   ///< the shard has another owner by now: nothing was changed
    std::string refused;  ///< why these citizens could not be brought up; empty: they were
  };

  [[nodiscard]] Step work(const store::Lease& fence, const std::optional<store::CitizenKey>& after,
                          std::size_t limit, Instant now);
  void next();
  [[nodiscard]] bool find_shard();
  void on_step(const Step& step);
  void on_refused(const Step& step);
  void tell_end();
  void pause(std::chrono::microseconds wait);
  [[nodiscard]] std::chrono::microseconds pace(std::size_t citizens) const;

  store::Store& store_;
  Loop& loop_;
  Jobs& jobs_;
  planner::Planner& planner_;
  EpochOf epoch_of_;
  Options options_;
  std::size_t shard_ = 0;
  std::uint64_t epoch_ = 0;  ///< of the shard in hand, when it was taken up
  std::optional<store::CitizenKey> after_;
  std::array<std::optional<std::uint64_t>, shard_count> done_;  ///< under which epoch
  Instant searched_at_{};  ///< when the round began
  std::size_t batch_;        ///< smaller while the citizen who cannot be brought up is looked for
  std::uint64_t round_ = 0;  ///< an answer of an older round is not ours any more
  Progress progress_;
  std::uint64_t told_ = 0;  ///< of those looked at, in the last line of the log about them
  bool stopped_ = false;
};

}  // namespace rappel::app
