// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "app/engine.hpp"
#include "simulation/faulty_store.hpp"
#include "simulation/outside.hpp"

// The machines that daemons run on, and the daemons, which live and die.

namespace rappel::simulation {

/// The blocking work of one process: each job a step of its own, a little later.
class JobQueue final : public Jobs {
 public:
  JobQueue(Timeline& timeline, ProcessRef process, Faults& faults, std::chrono::hours lease)
      : timeline_(timeline), process_(std::move(process)), faults_(faults), lease_(lease) {}
  [[nodiscard]] bool submit(std::function<void()> job) override;

 private:
  void run(const std::function<void()>& job);

  Timeline& timeline_;
  ProcessRef process_;
  Faults& faults_;
  std::chrono::hours lease_;
};

/// One life of one daemon: the real planner, scheduler and dispatcher.
struct Node {
  Node(Timeline& timeline, ProcessRef process, const std::chrono::microseconds& wall,
       FaultyStore& store, Faults& faults, Witness& witness, Providers& providers,
       const app::Library& library, const Pace& pace, scheduler::Options scheduling);

  ProcessRef process;
  ProcessLoop loop;
  JobQueue jobs;
  JobQueue lease_jobs;
  Senders senders;
  app::Engine engine;
};

class Nodes {
 public:
  static constexpr int machines_count = 2;

  Nodes(Timeline& timeline, Trace& trace, FaultyStore& store, Faults& faults, Witness& witness,
        Providers& providers, const app::Library& library, Pace pace, std::vector<Shard> shards);

  void boot(int machine);
  /// Buries what died and has it started again later, by the same machine under the same name.
  void bury_the_dead();
  /// A node that serves requests now; nullptr when there is none.
  [[nodiscard]] Node* serving(std::uint64_t choice);
  [[nodiscard]] Node* at(int machine) { return machines_[std::size_t(machine)].node.get(); }
  void kill(int machine, const char* how, std::chrono::microseconds away);
  void set_wall(int machine, std::chrono::microseconds wall);

 private:
  struct Machine {
    NodeId id;
    std::chrono::microseconds wall{0};
    std::optional<std::chrono::microseconds> away;  ///< how long its next start takes
    std::unique_ptr<Node> node;
  };

  Timeline& timeline_;
  Trace& trace_;
  FaultyStore& store_;
  Faults& faults_;
  Witness& witness_;
  Providers& providers_;
  const app::Library& library_;
  Pace pace_;
  std::vector<Shard> shards_;
  std::vector<Machine> machines_;
  std::uint64_t lives_ = 0;
};

}  // namespace rappel::simulation
