// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/loop.hpp"
#include "store/store.hpp"

namespace rappel::scheduler {

struct Options {
  NodeId node;
  std::vector<Shard> shards;  ///< what this node serves; empty: all of them
  std::chrono::milliseconds lease_ttl{15'000};
  std::chrono::milliseconds lease_margin{3'000};
  /// How often a node looks whether another has joined or left.
  std::chrono::milliseconds look_every{1'000};
  /// While shards that are ours by now are still held by a live node: asked for after this time, then
  /// after twice as long, up to look_every.
  std::chrono::milliseconds contested_first{250};
  /// How long a shard that is handed over waits for what is in dispatch's hands.
  std::chrono::milliseconds hand_over_max{35'000};
  std::chrono::microseconds tick{5'000};
  std::chrono::seconds horizon{1'800};         ///< how far ahead rows are loaded
  std::chrono::milliseconds sweep_interval{10'000};  ///< each shard is swept once in this time
  /// Longest sleep: a wall clock that jumped is noticed within this time.
  std::chrono::microseconds sleep_max{1'000'000};
  std::size_t horizon_page_rows = 1'000;
  std::size_t wheel_entries_max = 200'000;
  std::size_t fired_per_tick_max = 5'000;
  std::size_t batch_works_max = 200;

  /// Throws std::invalid_argument that names the option.
  void validate() const;
};

/// Where leases are kept and renewed: apart from everything else, so that a renewal never waits
/// behind work.
struct Leasing {
  store::Store& store;
  Jobs& jobs;  ///< one at a time: what is given back is not renewed after
};

struct Status {
  std::size_t shards_owned = 0;
  std::size_t shards_loading = 0;
  std::size_t shards_leaving = 0;  ///< of those owned, being handed over
  std::size_t nodes_live = 0;      ///< as of the last round, this one too
  std::size_t waiting = 0;  ///< in the wheel
  std::size_t ready = 0;    ///< due, waiting for room in dispatch
  std::size_t busy = 0;     ///< in dispatch's hands
  std::uint64_t fired = 0;
  std::uint64_t swept = 0;         ///< overdue work found by the backstop: hints were lost
  std::uint64_t lease_losses = 0;  ///< shards lost before they were given back
  std::uint64_t hand_overs = 0;    ///< shards given back for another node
  std::uint64_t take_overs = 0;    ///< shards taken from a node that had let them end
  std::uint64_t stale_writes = 0;  ///< that changed nothing, because their shard had another owner
  bool replaced = false;  ///< another process runs under our node id: nothing is asked for any more
  std::string last_error;          ///< of the database; empty when the last call went well
};

}  // namespace rappel::scheduler
