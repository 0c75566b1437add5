// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/log_throttle.hpp"
#include "base/loop.hpp"
#include "base/service.hpp"
#include "scheduler/options.hpp"
#include "scheduler/ownership.hpp"
#include "scheduler/ready_queue.hpp"
#include "scheduler/work_wheel.hpp"
#include "store/store.hpp"

// Knows what is due. Owns shards by lease (ownership.hpp), keeps the near horizon of their work in a timer wheel,
// and hands what falls due to dispatch, shard by shard, as fast as dispatch has room.
//
// Thread rule: everything runs on the loop thread, but start() and stop(), which any other thread
// may call while the loop runs. Database calls are jobs.
// Invariants: work is handed over only under a lease that is still trusted; one piece of work is in dispatch's hands at most once; what does not fit in
// memory stays in the store and is loaded when its time is near.

namespace rappel::scheduler {

struct Hooks {
  /// Takes a batch of one shard. Each work comes back through Scheduler::done().
  std::function<void(const store::Lease&, std::vector<store::Work>)> due;
  /// How many more works dispatch has room for.
  std::function<Room()> capacity;
  /// These shards go to another node: what waits in dispatch should not make them wait. May be empty.
  std::function<void(const store::ShardSet&)> leaving;
};

/// Stale writes stand in the log once in this time.
inline constexpr std::chrono::seconds stale_log_every{10};

class Scheduler final : public Service {
 public:
  Scheduler(store::Store& store, Loop& loop, Jobs& jobs, Leasing leasing, Options options,
            Hooks hooks);

  [[nodiscard]] std::string_view name() const override { return "scheduler"; }
  void start() override;
  /// Stops handing out work, gives the leases back and takes leave of the other nodes.
  void stop(std::chrono::milliseconds grace) override;
  /// On the loop: hands out no more work. Each shard goes to the other nodes as soon as nothing of it is
  /// in hand; until then its lease is kept alive.
  void halt();
  /// On the loop: renews nothing any more. Returns the leases held, for depart().
  std::vector<store::Lease> retire();
  /// Any thread, after retire(): gives these leases back and says that this node lives no more. Throws
  /// StoreUnavailable; then both end by themselves.
  void depart(std::span<const store::Lease> leases);

  /// New or re-dated work that a commit of this node planned.
  void wake(std::span<const store::Work> works);
  /// Dispatch has finished with a piece of work; `next` says when it wants attention again.
  void done(Shard shard, const IdBytes& id, std::optional<Instant> next);
  /// The lease of a shard, while it may be trusted. A lease that was not renewed in time is not, until
  /// the store says that nobody else took the shard meanwhile.
  [[nodiscard]] std::optional<store::Lease> lease(Shard shard) const {
    return ownership_.lease(shard);
  }
  /// Whether the shard is ours as far as we know, trusted at this moment or not.
  [[nodiscard]] bool owns(Shard shard) const { return epoch(shard).has_value(); }
  /// Since when: the epoch of our lease; nothing when the shard is not ours.
  [[nodiscard]] std::optional<std::uint64_t> epoch(Shard shard) const {
    const auto* owned = ownership_.find(shard);
    return owned == nullptr ? std::nullopt : std::optional(owned->lease.epoch);
  }
  /// The store's answer to a write of this shard is not known: give the lease up and take it again
  /// under a new epoch, whose recovery sorts out what the rows say.
  void renounce(Shard shard) { ownership_.renounce(shard); }
  [[nodiscard]] Status status() const;
  /// Shards whose lease may be trusted at this moment.
  [[nodiscard]] std::size_t shards_trusted() const;
  /// On the loop: dispatch has room again that no done() told of.
  void more_room() { pump(); }

 private:
  [[nodiscard]] Ownership::Hooks ownership_hooks();
  void silence(const store::ShardSet& shards);
  void renewed();
  void note_stale_writes();
  void load(Shard shard);
  /// The shard as it was when a load was begun, if its answer still counts.
  OwnedShard* as_loaded(Shard shard, std::uint64_t epoch, std::uint64_t round);
  void on_page(OwnedShard& owned, Instant until, const std::vector<store::Work>& page);
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
  Options options_;
  Hooks hooks_;
  Ownership ownership_;
  WorkWheel wheel_;
  ReadyQueue ready_;  ///< slots of the wheel that are due
  std::optional<Instant> armed_for_;
  std::uint64_t turn_ = 0;  ///< of the timer that counts
  bool stopped_ = false;    ///< hands out nothing
  Status counters_;
  bool pumping_ = false;  ///< a pump is on its way
  std::uint64_t stale_told_ = 0;  ///< stale writes that the log has heard of
  LogThrottle stale_{stale_log_every};
};

}  // namespace rappel::scheduler
