// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/json/array.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/engine.hpp"
#include "app/pool_carrier.hpp"
#include "app/rule_refresh.hpp"
#include "base/metrics.hpp"

namespace rappel::app {

/// What the loop knows of itself, copied out a few times per second so that other threads may read it.
struct Snapshot {
  scheduler::Status scheduler;
  dispatch::Status dispatch;
  RuleRefresh::Progress refresh;
  std::vector<notify::NotifierStatus> notifiers;
};

/// Takes the snapshots, and answers from them for /readyz and /metrics.
class Watch {
 public:
  Watch(Loop& loop, Engine& engine, const RuleRefresh& refresh, PoolCarrier& carrier,
        store::Store& store);

  /// Loop thread; goes on until the loop ends.
  void start();
  /// Registers every series, so that each exists from the start with 0.
  void register_metrics(metrics::Registry& registry);
  /// Any thread: why the daemon cannot serve now. Asks the store itself.
  [[nodiscard]] std::vector<std::string> not_ready() const;
  /// Any thread: the lanes for GET /lanes.
  [[nodiscard]] boost::json::array lanes() const;

 private:
  [[nodiscard]] std::shared_ptr<const Snapshot> latest() const { return snapshot_.load(); }
  void take();
  void register_lane_metrics(metrics::Registry& registry);

  Loop& loop_;
  Engine& engine_;
  const RuleRefresh& refresh_;
  PoolCarrier& carrier_;
  store::Store& store_;
  // Replaced whole by the loop; readers keep theirs as long as they look at it.
  std::atomic<std::shared_ptr<const Snapshot>> snapshot_;
};

}  // namespace rappel::app
