// SPDX-License-Identifier: Apache-2.0
#include "simulation/nodes.hpp"

namespace rappel::simulation {
namespace {

using std::chrono::duration_cast;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

scheduler::Options scheduling_of(const Pace& pace, NodeId node, const std::vector<Shard>& shards) {
  scheduler::Options options;
  options.node = node;
  options.shards = shards;
  options.lease_ttl = pace.lease_ttl;
  options.lease_margin = pace.lease_margin;
  options.tick = seconds{1};
  options.horizon = pace.horizon;
  options.sweep_interval = pace.sweep;
  options.sleep_max = pace.sleep_max;
  options.horizon_page_rows = 50;  // several pages
  return options;
}

app::Config config_of() {
  app::Config config;
  for (const auto& way : ways) {
    app::NotifierConfig notifier;
    notifier.name = way.notifier;
    notifier.channel = way.channel;
    notifier.repeatable = way.repeatable;
    config.notifiers.push_back(std::move(notifier));
  }
  return config;
}

}  // namespace

bool JobQueue::submit(std::function<void()> job) {
  if (faults_.queue_full()) return false;
  timeline_.after(faults_.chance().span(milliseconds{0}, milliseconds{20}), process_,
                  [this, job = std::move(job)] { run(job); });
  return true;
}

void JobQueue::run(const std::function<void()>& job) {
  const auto standstill = faults_.standstill(lease_);
  if (standstill.count() == 0) return job();
  timeline_.pause(*process_);
  process_->backlog.push_back(job);
  timeline_.after(standstill, nullptr, [&timeline = timeline_, process = process_, standstill] {
    if (!process->alive) return;
    process->paused_for += standstill;
    timeline.resume(process);
  });
}

Node::Node(Timeline& timeline, ProcessRef own, const std::chrono::microseconds& wall,
           FaultyStore& store, Faults& faults, Witness& witness, Providers& providers,
           const app::Library& library, const Pace& pace, scheduler::Options scheduling)
    : process(std::move(own)),
      loop(timeline, process, wall),
      jobs(timeline, process, faults, pace.lease_ttl),
      lease_jobs(timeline, process, faults, pace.lease_ttl),
      senders(timeline, process, providers, faults, witness),
      engine(store, loop, jobs, {store, lease_jobs}, senders, library, config_of(),
             std::move(scheduling)) {
  senders.on_ready = [this](const std::string& notifier) {
    engine.dispatcher().sender_ready(notifier);
  };
}

Nodes::Nodes(Timeline& timeline, Trace& trace, FaultyStore& store, Faults& faults, Witness& witness,
             Providers& providers, const app::Library& library, Pace pace,
             std::vector<Shard> shards)
    : timeline_(timeline), trace_(trace), store_(store), faults_(faults), witness_(witness),
      providers_(providers), library_(library), pace_(pace), shards_(std::move(shards)),
      machines_(machines_count) {
  for (auto& machine : machines_) machine.id = NodeId::random();
}

void Nodes::boot(int number) {
  auto& machine = machines_[std::size_t(number)];
  if (machine.node) return;
  auto process = std::make_shared<Process>();
  process->serial = ++lives_;
  process->machine = number;
  trace_.note("starts", {}, std::int64_t(process->serial));
  witness_.disturbed();
  timeline_.as(process, [&] {
    machine.node = std::make_unique<Node>(timeline_, process, machine.wall, store_, faults_, witness_,
                                          providers_, library_, pace_,
                                          scheduling_of(pace_, machine.id, shards_));
    machine.node->engine.scheduler().start();
  });
}

void Nodes::bury_the_dead() {
  for (int number = 0; number < machines_count; ++number) {
    auto& machine = machines_[std::size_t(number)];
    if (!machine.node || machine.node->process->alive) continue;
    machine.node.reset();
    auto& chance = faults_.chance();
    auto away = chance.span(seconds{1}, minutes{2});
    if (chance.of(0.2)) away = chance.span(hours{1}, hours{14});
    if (chance.of(0.04)) away = chance.span(hours{24}, hours{24 * 5});
    timeline_.after(std::exchange(machine.away, std::nullopt).value_or(away), nullptr,
                    [this, number] { boot(number); });
  }
}

Node* Nodes::serving(std::uint64_t choice) {
  for (int i = 0; i < machines_count; ++i) {
    auto* node = at(int((choice + std::uint64_t(i)) % machines_count));
    if (node != nullptr && node->process->alive && !node->process->paused) return node;
  }
  return nullptr;
}

void Nodes::kill(int number, const char* how, std::chrono::microseconds away) {
  auto& machine = machines_[std::size_t(number)];
  if (!machine.node) return;
  machine.away = away;
  faults_.kill(*machine.node->process, how);
}

void Nodes::set_wall(int number, std::chrono::microseconds wall) {
  trace_.note("the wall clock is wrong by (s)", {}, duration_cast<seconds>(wall).count());
  witness_.disturbed();
  machines_[std::size_t(number)].wall = wall;
}

}  // namespace rappel::simulation
