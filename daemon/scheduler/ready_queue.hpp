// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "base/id.hpp"
#include "base/weighted_turns.hpp"
#include "reminder/reminder.hpp"
#include "store/leases.hpp"

namespace rappel::scheduler {

/// How much dispatch takes: now, and at the most while it has nothing in hand.
struct Room {
  std::size_t now = 0;
  std::size_t most = 0;
  /* implicit */ Room(std::size_t count) : Room(count, count) {}
  Room(std::size_t now_, std::size_t most_) : now(now_), most(most_) {}
};

/// How many batches a lane may take while others wait too: legal deadline, transactional, advice.
inline constexpr std::array<std::int64_t, 3> lane_weights{8, 3, 1};

/// Due work waiting for room in dispatch. The lanes take turns by weight, so that the least urgent
/// always moves; within a lane the tenants take turns of one batch, so that one tenant's million does
/// not delay another's ten; within a tenant the shards take turns, each first in, first out. A batch is
/// of one shard and is filled up with whatever else waits there, at its owners' cost: a transaction
/// costs more than the rows in it. Loop thread only.
class ReadyQueue {
 public:
  using Usable = std::function<bool(Shard)>;
  struct Turn {
    Shard shard;
    std::size_t waiting = 0;  ///< of this shard, whoever's
  };

  explicit ReadyQueue(std::size_t batch_works_max);

  void push(Shard shard, TenantId tenant, Lane lane, std::uint32_t slot);
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Whose turn it is among the shards for which `usable` holds; nothing when it holds for none that
  /// has work.
  std::optional<Turn> next(const Usable& usable);
  /// Takes up to `count` slots of the shard that next() has just named.
  std::vector<std::uint32_t> take(std::size_t count);

  void drop(Shard shard);
  void drop(const store::ShardSet& shards);
  void clear();

 private:
  static constexpr std::size_t lanes = lane_weights.size();
  using Key = std::tuple<std::uint8_t, Lane, TenantId>;  ///< shard, lane, tenant
  using Cells = std::map<Key, std::deque<std::uint32_t>>;
  /// One tenant's work in one lane.
  struct Flow {
    std::int64_t credit = 0;
    std::deque<Shard> shards;  ///< in the order of their turns
  };
  struct Urgency {
    std::map<TenantId, Flow> flows;
    std::deque<TenantId> turns;
    std::array<std::size_t, shard_count> waiting{};
  };
  using Open = std::array<bool, shard_count>;

  [[nodiscard]] Open open_shards(const Usable& usable) const;
  [[nodiscard]] std::size_t waiting_of(Shard shard) const;
  static bool bring_forward(Flow& flow, const Open& open);
  Shard next_shard(Urgency& urgency, const Open& open);
  Cells::iterator take_from(Cells::iterator cell, std::size_t count,
                            std::vector<std::uint32_t>& taken);
  void retire(Cells::iterator cell);

  std::int64_t quantum_;
  WeightedTurns<lanes> lane_turns_;
  std::array<Urgency, lanes> urgencies_;
  Cells cells_;
  std::optional<Key> front_;  ///< what next() named
  std::size_t size_ = 0;
};

}  // namespace rappel::scheduler
