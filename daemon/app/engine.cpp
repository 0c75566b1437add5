// SPDX-License-Identifier: Apache-2.0
#include "app/engine.hpp"

#include <algorithm>

namespace rappel::app {

scheduler::Options scheduler_options(const Config& config, NodeId node) {
  scheduler::Options options;
  options.node = node;
  options.lease_ttl = config.scheduler.lease_ttl;
  options.lease_margin = config.scheduler.lease_margin;
  options.hand_over_max = config.scheduler.hand_over_max;
  options.tick = config.scheduler.tick;
  options.horizon = std::chrono::duration_cast<std::chrono::seconds>(config.scheduler.horizon);
  options.sweep_interval = config.scheduler.sweep_interval;
  options.wheel_entries_max = std::size_t(config.scheduler.wheel_entries_max);
  return options;
}

namespace {

dispatch::LaneOptions lane_options(const NotifierConfig& notifier) {
  dispatch::LaneOptions lane;
  lane.notifier = notifier.name;
  lane.weight = notifier.weight;
  lane.rate.per_second = notifier.rate_per_second;
  lane.rate.burst = notifier.burst;
  lane.concurrency_max = std::size_t(notifier.concurrency_max);
  lane.breaker.window = std::size_t(notifier.breaker.window);
  lane.breaker.results_min = std::size_t(notifier.breaker.results_min);
  lane.breaker.open_share = notifier.breaker.failure_percent / 100.0;
  lane.breaker.ailing_share = std::min(lane.breaker.ailing_share, lane.breaker.open_share);
  lane.breaker.slow_after = notifier.breaker.slow_after;
  lane.breaker.open_for = notifier.breaker.open_for;
  lane.breaker.open_for_max = notifier.breaker.open_for_max;
  lane.breaker.probes = std::size_t(notifier.breaker.probes);
  return lane;
}

}  // namespace

dispatch::Options dispatch_options(const Config& config) {
  dispatch::Options options;
  for (const auto& notifier : config.notifiers) {
    dispatch::Route route;
    route.notifier = notifier.name;
    route.channel = notifier.channel;
    route.repeatable = notifier.repeatable;
    options.routes.push_back(std::move(route));
    options.lanes.push_back(lane_options(notifier));
  }
  options.works_max = std::size_t(config.dispatch.works_max);
  options.retry.first = config.dispatch.retry_first;
  options.retry.last = config.dispatch.retry_last;
  options.retry.attempts_max = std::uint32_t(config.dispatch.attempts_max);
  options.retry.unknown_delay = config.dispatch.unknown_delay;
  return options;
}

Engine::Engine(store::Store& store, Loop& loop, Jobs& jobs, scheduler::Leasing leasing,
               dispatch::Carrier& carrier, const Library& library, const Config& config,
               scheduler::Options scheduling)
    : planner_(store, library.rules, library.messages, planner::Options{},
               [this, &loop](std::span<const store::Work> works) {
                 loop.post([this, copy = std::vector<store::Work>(works.begin(), works.end())] {
                   scheduler_.wake(copy);
                 });
               }),
      dispatcher_(store, loop, jobs, carrier, library.messages, dispatch_options(config),
                  dispatch::Hooks{
                      .done = [this](Shard shard, const IdBytes& id,
                                     std::optional<Instant> next) { scheduler_.done(shard, id, next); },
                      .lease = [this](Shard shard) { return scheduler_.lease(shard); },
                      .owns = [this](Shard shard) { return scheduler_.owns(shard); },
                      .renounce = [this](Shard shard) { scheduler_.renounce(shard); },
                      .reevaluate =
                          [this](const store::Lease& fence, TenantId tenant, CitizenId citizen,
                                 Instant now) {
                            return planner_.reevaluate(fence, tenant, citizen, now);
                          },
                      .share = [this] { return double(scheduler_.shards_trusted()) / shard_count; },
                      .room = [this] { scheduler_.more_room(); }}),
      scheduler_(store, loop, jobs, leasing, std::move(scheduling),
                 scheduler::Hooks{.due =
                                      [this](const store::Lease& fence,
                                             std::vector<store::Work> works) {
                                        dispatcher_.take(fence, std::move(works));
                                      },
                                  .capacity =
                                      [this] {
                                        const auto room = dispatcher_.room();
                                        return scheduler::Room(room.now, room.most);
                                      },
                                  .leaving =
                                      [this](const store::ShardSet& shards) {
                                        dispatcher_.give_back_waiting(shards);
                                      }}) {}

}  // namespace rappel::app
