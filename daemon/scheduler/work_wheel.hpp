// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "scheduler/timer_wheel.hpp"
#include "store/store.hpp"

namespace rappel::scheduler {

/// The near horizon: each piece of work known once, by its id, in the wheel (waiting), out of it
/// and due (ready), or in dispatch's hands (busy). Loop thread only.
class WorkWheel {
 public:
  WorkWheel(std::chrono::microseconds tick, Instant origin, std::size_t entries_max);

  /// Adds work or moves what is waiting under the same id. What is ready or busy stays so; busy work
  /// remembers the new time until it is finished. False when there is no room.
  bool add(const store::Work& work);
  [[nodiscard]] bool find(const IdBytes& id) const { return by_id_.contains(id); }
  [[nodiscard]] bool is_busy(const IdBytes& id) const;
  /// This tenant has as much here as one tenant may: the rest of the wheel is the others'.
  [[nodiscard]] bool crowded_by(TenantId tenant) const;
  [[nodiscard]] const store::Work& work(std::uint32_t slot) const { return slots_[slot].work; }

  /// Makes ready what is due at `now`, `fired_max` pieces at most; true when there may be more.
  bool advance(Instant now, std::size_t fired_max, const std::function<void(std::uint32_t)>& ready);
  /// Hands a ready slot's work over: it is busy from now on.
  const store::Work& take(std::uint32_t slot);
  /// Busy work came back. Returns what must be added again: the time given, or a newer one.
  std::optional<store::Work> finish(const IdBytes& id, std::optional<Instant> next);
  /// Forgets what is waiting or ready of these shards; busy work comes back by finish().
  void drop(const store::ShardSet& shards);

  /// Nothing becomes due before this instant.
  [[nodiscard]] std::optional<Instant> next_due() const;
  [[nodiscard]] bool nearly_full() const { return by_id_.size() >= entries_max_ / 10 * 9; }
  [[nodiscard]] std::size_t waiting() const { return wheel_.size(); }
  [[nodiscard]] std::size_t busy() const { return busy_; }
  [[nodiscard]] std::size_t busy(Shard shard) const { return busy_in_.at(shard.number); }

 private:
  enum class Place : std::uint8_t { free, waiting, ready, busy };
  struct Slot {
    store::Work work;
    TimerHandle handle{};
    Place place = Place::free;
    std::optional<Instant> again;  ///< a newer time, told while the work was busy
  };
  struct HashId {
    std::size_t operator()(const IdBytes& id) const noexcept;
  };

  [[nodiscard]] Tick tick_of(Instant at) const;
  void free(std::uint32_t slot);

  std::chrono::microseconds tick_;
  Instant origin_;
  std::size_t entries_max_;
  TimerWheel wheel_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::unordered_map<IdBytes, std::uint32_t, HashId> by_id_;
  std::unordered_map<TenantId, std::size_t> of_tenant_;
  std::size_t busy_ = 0;
  std::array<std::size_t, shard_count> busy_in_{};
};

}  // namespace rappel::scheduler
