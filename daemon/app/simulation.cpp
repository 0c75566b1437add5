// SPDX-License-Identifier: Apache-2.0
#include "app/simulation.hpp"

#include <algorithm>
#include <tuple>

#include "app/engine.hpp"
#include "base/loop_clock.hpp"
#include "base/virtual_loop.hpp"
#include "base/worker_pool.hpp"
#include "profile/profile.hpp"
#include "store/memory/memory_store.hpp"

namespace rappel::app {
namespace {

const std::string reference = "simulated";

/// One node that never dies: leases and sweeps would only cost time.
scheduler::Options simulated_scheduling(Shard shard, const SimulationInput& input) {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  const auto longer = duration_cast<milliseconds>(input.until - input.from) * 4 + std::chrono::hours{24};
  scheduler::Options options;
  options.node = NodeId::random();
  options.shards = {shard};
  options.lease_ttl = longer;
  options.lease_margin = milliseconds{0};
  options.look_every = longer;
  options.tick = std::chrono::seconds{1};
  options.horizon = std::chrono::hours{24 * 30};
  options.sweep_interval = longer * shard_count;
  options.sleep_max = longer;
  return options;
}

/// Every channel is served and delivers at once.
Config simulated_config(Config config) {
  config.notifiers.clear();
  for (const auto channel : {Channel::email, Channel::sms, Channel::inapp}) {
    NotifierConfig notifier;
    notifier.name = to_string(channel);
    notifier.channel = channel;
    notifier.repeatable = true;
    config.notifiers.push_back(std::move(notifier));
  }
  return config;
}

/// Of every rule: the answer to the last events speaks only of those that read what they changed.
boost::json::array notes_of(const Library& library, const SimulationInput& input,
                            const store::Citizen& citizen) {
  const auto profile = profile::profile_from_json(citizen.profile, input.tenant.zone);
  rules::Query query(calendar::to_local(input.from, profile.zone()).date);
  query.country = input.tenant.country;
  boost::json::array notes;
  for (const auto& note : library.rules->evaluate(profile, query).notes)
    notes.push_back({{"rule", note.rule}, {"text", {{"fr", note.fr}, {"en", note.en}}}});
  return notes;
}

}  // namespace

Expected<SimulationResult> simulate_citizen(const Library& library, const Config& config,
                                            const SimulationInput& input) {
  VirtualLoop loop(input.from);
  const LoopClock clock(loop);
  store::MemoryStore store(clock);
  if (auto made = store.create_tenant(input.tenant); !made) return tl::unexpected(made.error());
  const Shard shard = store.shard_of(input.tenant.id, reference);
  InlineJobs jobs;
  PrintCarrier carrier(loop);
  const Config simulated = simulated_config(config);
  Engine engine(store, loop, jobs, {store, jobs}, carrier, library, simulated,
                simulated_scheduling(shard, input));
  engine.scheduler().start();
  loop.run_until(input.from);

  planner::Request request;
  request.tenant = input.tenant.id;
  request.source = "simulation";
  request.now = input.from;
  auto answer = engine.planner().put_citizen(request, reference, input.citizen);
  if (!answer) return tl::unexpected(answer.error());
  if (!input.events.empty()) {
    answer = engine.planner().record_events(request, reference, input.events);
    if (!answer) return tl::unexpected(answer.error());
  }
  const auto id = *store.find_citizen(input.tenant.id, reference);
  SimulationResult result;
  result.notes = notes_of(library, input, *store.read_citizen(input.tenant.id, id));
  loop.run_until(input.until);
  result.deadlines = store.read_deadlines(input.tenant.id, id, {store::page_items_max, ""}).items;
  // The ids are of this simulation alone: they must not decide the order.
  std::sort(result.deadlines.begin(), result.deadlines.end(),
            [](const Deadline& a, const Deadline& b) {
              return std::tie(a.due_on, a.rule, a.subject, a.occurrence) <
                     std::tie(b.due_on, b.rule, b.subject, b.occurrence);
            });
  result.messages = carrier.sent();
  return result;
}

}  // namespace rappel::app
