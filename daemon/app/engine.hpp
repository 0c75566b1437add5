// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "app/config.hpp"
#include "app/library.hpp"
#include "base/loop.hpp"
#include "dispatch/dispatcher.hpp"
#include "planner/planner.hpp"
#include "scheduler/scheduler.hpp"

namespace rappel::app {

/// Planner, scheduler and dispatcher wired to each other over one store, one loop and one carrier:
/// the same for the daemon and for a simulation, which differ only in what they hand in.
class Engine {
 public:
  Engine(store::Store& store, Loop& loop, Jobs& jobs, scheduler::Leasing leasing,
         dispatch::Carrier& carrier, const Library& library, const Config& config,
         scheduler::Options scheduling);

  [[nodiscard]] planner::Planner& planner() { return planner_; }
  [[nodiscard]] scheduler::Scheduler& scheduler() { return scheduler_; }
  [[nodiscard]] dispatch::Dispatcher& dispatcher() { return dispatcher_; }

 private:
  planner::Planner planner_;
  dispatch::Dispatcher dispatcher_;
  scheduler::Scheduler scheduler_;
};

scheduler::Options scheduler_options(const Config& config, NodeId node);
dispatch::Options dispatch_options(const Config& config);

}  // namespace rappel::app
