// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <set>

#include "base/loop_clock.hpp"
#include "base/virtual_loop.hpp"
#include "base/worker_pool.hpp"
#include "scheduler/scheduler.hpp"
#include "store/memory/memory_store.hpp"

// Several nodes with real schedulers over one store, on virtual time. Each may be killed, or stopped in
// the middle of everything and go on later.

namespace rappel::test {

using scheduler::Scheduler;
using std::chrono::milliseconds;
using std::chrono::seconds;

inline const Instant nodes_start = *parse_rfc3339("2026-11-24T09:00:00Z");

/// The loop of one process: what it was to run is lost with its death, and waits while it is frozen.
class MortalLoop final : public Loop {
 public:
  explicit MortalLoop(VirtualLoop& world) : world_(world) {}
  [[nodiscard]] Instant now() const override { return world_.now(); }
  [[nodiscard]] std::chrono::microseconds steady() const override { return world_.steady(); }
  void post(std::function<void()> work) override { world_.post(guarded(std::move(work))); }
  void after(std::chrono::microseconds delay, std::function<void()> work) override {
    world_.after(delay, guarded(std::move(work)));
  }
  void kill() { state_->alive = false; }
  void freeze() { state_->frozen = true; }
  void thaw() {
    state_->frozen = false;
    for (auto& work : std::exchange(state_->waiting, {})) post(std::move(work));
  }

 private:
  struct State {
    bool alive = true;
    bool frozen = false;
    std::vector<std::function<void()>> waiting;
  };
  std::function<void()> guarded(std::function<void()> work) {
    return [state = state_, work = std::move(work)] {
      if (!state->alive) return;
      if (state->frozen) return state->waiting.push_back(work);
      work();
    };
  }
  VirtualLoop& world_;
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

/// A database that takes its time: each job is done after `delay`, and after those before it.
class SlowJobs final : public Jobs {
 public:
  explicit SlowJobs(Loop& loop) : loop_(loop) {}
  bool submit(std::function<void()> job) override {
    last_ = std::max(last_, loop_.steady() + delay);
    loop_.after(last_ - loop_.steady(), std::move(job));
    return true;
  }
  milliseconds delay{0};

 private:
  Loop& loop_;
  std::chrono::microseconds last_{};
};

struct Node {
  Node(store::Store& store, VirtualLoop& world, scheduler::Options options, NodeId named)
      : id(named), loop(world), lease_jobs(loop), works(loop) {
    options.node = named;
    scheduler = std::make_unique<Scheduler>(
        store, loop, works, scheduler::Leasing{store, lease_jobs}, options,
        scheduler::Hooks{.due =
                             [this](const store::Lease& fence, std::vector<store::Work> batch) {
                               for (const auto& work : batch) {
                                 due.insert(work.id);
                                 if (!holds_on)
                                   loop.post([this, fence, id = work.id] {
                                     scheduler->done(fence.shard, id, std::nullopt);
                                   });
                               }
                             },
                         .capacity = [] { return std::size_t{1'000}; },
                         .leaving = [this](const store::ShardSet& shards) { left |= shards; }});
    scheduler->start();
  }

  [[nodiscard]] store::ShardSet trusted() const {
    store::ShardSet shards;
    for (int shard = 0; shard < shard_count; ++shard)
      shards.set(std::size_t(shard), scheduler->lease(Shard{std::uint8_t(shard)}).has_value());
    return shards;
  }
  [[nodiscard]] scheduler::Status status() const { return scheduler->status(); }

  NodeId id;
  MortalLoop loop;
  SlowJobs lease_jobs;
  SlowJobs works;
  bool holds_on = false;  ///< what is handed over stays in hand
  std::set<IdBytes> due;  ///< what was handed over; nobody claims it, so a sweep finds it again
  store::ShardSet left;
  std::unique_ptr<Scheduler> scheduler;
};

struct Nodes {
  VirtualLoop loop{nodes_start};
  LoopClock clock{loop};
  store::MemoryStore store{clock};
  scheduler::Options options;
  std::vector<std::unique_ptr<Node>> nodes;
  store::Tenant tenant;

  Nodes() {
    tenant.id = TenantId::random();
    tenant.slug = "t";
    REQUIRE(store.create_tenant(tenant));
  }

  Node& add(NodeId id = NodeId::random()) {
    return *nodes.emplace_back(std::make_unique<Node>(store, loop, options, id));
  }
  void run(milliseconds time) { loop.run_until(loop.now() + time); }

  /// A reminder in the store that nobody was told of.
  ReminderId plan(Shard shard, Instant at) {
    store::Citizen citizen;
    citizen.tenant = tenant.id;
    citizen.id = CitizenId::random(shard);
    citizen.reference = citizen.id.to_string();
    Reminder reminder;
    reminder.id = ReminderId::random(shard);
    reminder.citizen = citizen.id;
    reminder.message = "m";
    reminder.due_at = at;
    reminder.next_at = at;
    auto transaction = store.begin(shard, tenant.id, loop.now());
    transaction->create_citizen(citizen);
    transaction->upsert(std::span<const Reminder>(&reminder, 1));
    transaction->commit();
    return reminder.id;
  }

  /// Whether no shard is trusted by two nodes at this instant.
  [[nodiscard]] bool disjoint() const {
    store::ShardSet seen;
    for (const auto& node : nodes) {
      const auto trusted = node->trusted();
      if ((seen & trusted).any()) return false;
      seen |= trusted;
    }
    return true;
  }

  /// Runs until the condition holds, a few milliseconds at a time; how long it took, or the limit.
  template <typename Condition>
  milliseconds until(Condition condition, milliseconds limit) {
    milliseconds taken{0};
    while (!condition() && taken < limit) {
      run(milliseconds{5});
      taken += milliseconds{5};
    }
    return taken;
  }
};

}  // namespace rappel::test
