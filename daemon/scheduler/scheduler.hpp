// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/loop.hpp"
#include "base/service.hpp"
#include "scheduler/ready_queue.hpp"
#include "scheduler/shard_table.hpp"
#include "scheduler/work_wheel.hpp"
#include "store/store.hpp"

// Knows what is due. Owns shards by lease, keeps the near horizon of their work in a timer wheel,
// and hands what falls due to dispatch, shard by shard, as fast as dispatch has room.
//
// Thread rule: everything runs on the loop thread, but start() and stop(), which any other thread
// may call while the loop runs. Database calls are jobs.
// Invariants: work is handed over only under a lease that is still trusted (attempt start + TTL −
// margin, steady time); one piece of work is in dispatch's hands at most once; what does not fit in
// memory stays in the store and is loaded when its time is near.

namespace rappel::scheduler {

struct Options {
  NodeId node;
  std::vector<Shard> shards;  ///< what this node wants; empty: all of them
  std::chrono::milliseconds lease_ttl{15'000};
  std::chrono::milliseconds lease_margin{3'000};
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
  Jobs& jobs;
};

struct Hooks {
  /// Takes a batch of one shard. Each work comes back through Scheduler::done().
  std::function<void(const store::Lease&, std::vector<store::Work>)> due;
  /// How many more works dispatch has room for.
  std::function<Room()> capacity;
};

struct Status {
  std::size_t shards_owned = 0;
  std::size_t shards_loading = 0;
  std::size_t waiting = 0;  ///< in the wheel
  std::size_t ready = 0;    ///< due, waiting for room in dispatch
  std::size_t busy = 0;     ///< in dispatch's hands
  std::uint64_t fired = 0;
  std::uint64_t swept = 0;         ///< overdue work found by the backstop: hints were lost
  std::uint64_t lease_losses = 0;
  std::string last_error;          ///< of the database; empty when the last call went well
};

class Scheduler final : public Service {
 public:
  Scheduler(store::Store& store, Loop& loop, Jobs& jobs, Leasing leasing, Options options,
            Hooks hooks);

  [[nodiscard]] std::string_view name() const override { return "scheduler"; }
  void start() override;
  /// Stops handing out work and gives the leases back.
  void stop(std::chrono::milliseconds grace) override;
  /// On the loop: hands out no more work, but keeps its leases alive for what is in hand.
  void halt();
  /// On the loop: renews nothing any more. Returns the leases held, to be given back.
  std::vector<store::Lease> retire();

  /// New or re-dated work that a commit of this node planned.
  void wake(std::span<const store::Work> works);
  /// Dispatch has finished with a piece of work; `next` says when it wants attention again.
  void done(Shard shard, const IdBytes& id, std::optional<Instant> next);
  /// The lease of a shard, while it may be trusted. A lease that was not renewed in time is not, until
  /// the store says that nobody else took the shard meanwhile.
  [[nodiscard]] std::optional<store::Lease> lease(Shard shard) const;
  /// Whether the shard is ours as far as we know, trusted at this moment or not.
  [[nodiscard]] bool owns(Shard shard) const { return epoch(shard).has_value(); }
  /// Since when: the epoch of our lease; nothing when the shard is not ours.
  [[nodiscard]] std::optional<std::uint64_t> epoch(Shard shard) const {
    const auto* owned = shards_.find(shard);
    return owned == nullptr ? std::nullopt : std::optional(owned->lease.epoch);
  }
  /// The store's answer to a write of this shard is not known: give the lease up and take it again
  /// under a new epoch, whose recovery sorts out what the rows say.
  void renounce(Shard shard);
  [[nodiscard]] Status status() const;
  /// Shards whose lease may be trusted at this moment.
  [[nodiscard]] std::size_t shards_trusted() const;
  /// On the loop: dispatch has room again that no done() told of.
  void more_room() { pump(); }

 private:
  void keep_leases();
  void ask_leases();
  [[nodiscard]] std::vector<Shard> held_shards() const;
  void on_leases(std::vector<store::Lease> leases, std::chrono::microseconds asked_at);
  void gain(const store::Lease& lease, std::chrono::microseconds trusted_until);
  void lose(Shard shard);
  void load(Shard shard);
  void on_page(Shard shard, std::uint64_t epoch, Instant until, const std::vector<store::Work>& page);
  void refresh();
  void sweep(std::uint8_t next_shard);
  void add(const store::Work& work);
  void arm();
  void tick();
  void pump();
  void note_error(const std::string& error);

  store::Store& store_;
  Loop& loop_;
  Jobs& jobs_;
  Leasing leasing_;
  Options options_;
  Hooks hooks_;
  ShardTable shards_;
  WorkWheel wheel_;
  ReadyQueue ready_;  ///< slots of the wheel that are due
  std::optional<Instant> armed_for_;
  std::uint64_t turn_ = 0;  ///< of the timer that counts
  bool stopped_ = false;    ///< hands out nothing
  bool retired_ = false;    ///< renews nothing
  bool asking_ = false;  ///< a lease request is under way
  Status counters_;
  bool pumping_ = false;  ///< a pump is on its way
};

}  // namespace rappel::scheduler
