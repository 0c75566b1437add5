// SPDX-License-Identifier: Apache-2.0
#include "app/engine.hpp"

#include <algorithm>

namespace rappel::app {

scheduler::Options scheduler_options(const Config& config, NodeId node) {
  scheduler::Options options;
  options.node = node;
  options.lease_ttl = config.scheduler.lease_ttl;
  options.lease_margin = config.scheduler.lease_margin;
  options.tick = config.scheduler.tick;
  options.horizon = std::chrono::duration_cast<std::chrono::seconds>(config.scheduler.horizon);
  options.sweep_interval = config.scheduler.sweep_interval;
  options.wheel_entries_max = std::size_t(config.scheduler.wheel_entries_max);
  return options;
}

dispatch::Options dispatch_options(const Config& config) {
  dispatch::Options options;
  for (const auto& notifier : config.notifiers) {
    const bool served = std::any_of(
        options.routes.begin(), options.routes.end(),
        [&](const dispatch::Route& route) { return route.channel == notifier.channel; });
    if (served) continue;  // the first notifier of a channel serves it
    dispatch::Route route;
    route.notifier = notifier.name;
    route.channel = notifier.channel;
    route.repeatable = notifier.repeatable;
    options.routes.push_back(std::move(route));
  }
  options.works_max = std::size_t(config.dispatch.works_max);
  options.retry.first = config.dispatch.retry_first;
  options.retry.last = config.dispatch.retry_last;
  options.retry.attempts_max = std::uint32_t(config.dispatch.attempts_max);
  options.retry.unknown_delay = config.dispatch.unknown_delay;
  options.manners = config.courtesy;
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
                          [this](TenantId tenant, CitizenId citizen, Instant now) {
                            planner_.reevaluate(tenant, citizen, now);
                          }}),
      scheduler_(store, loop, jobs, leasing, std::move(scheduling),
                 scheduler::Hooks{.due =
                                      [this](const store::Lease& fence,
                                             std::vector<store::Work> works) {
                                        dispatcher_.take(fence, std::move(works));
                                      },
                                  .capacity = [this] { return dispatcher_.capacity(); }}) {
  dispatcher_.use(library.rules);
}

}  // namespace rappel::app
