// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/id.hpp"
#include "base/instant.hpp"

// Which node owns which shard, and which nodes live. All time is the database's own clock.

namespace rappel::store {

/// Ownership of a shard by a node, from the database clock. Every fenced write names (shard, epoch).
struct Lease {
  Shard shard;
  std::uint64_t epoch = 0;
  Instant expires_at{};
  /// From another node that had let it end: said once, by the call that took it.
  bool taken_over = false;
};

using ShardSet = std::bitset<std::size_t{shard_count}>;

/// One process of a node: who comes after it under the same node id has another one.
using LifeId = Id<struct LifeTag>;

/// What a node says of itself in each round of its leases.
struct Heartbeat {
  NodeId node;
  LifeId life;
  ShardSet serves;     ///< the shards that it would own
  bool joins = false;  ///< the first of its life: it replaces an earlier life of the node
};

/// A node that lives, as far as the database knows.
struct LiveNode {
  NodeId id;
  ShardSet serves;
  std::chrono::milliseconds ends_in{};  ///< until it is dead, if it says nothing more
};

struct Roll {
  std::vector<LiveNode> nodes;  ///< by id
  /// Another life of this node has joined since: what was said is not recorded.
  bool replaced = false;
};
/// A heartbeat that ended so long ago is removed.
inline constexpr std::chrono::hours node_memory{1};

/// Thread rule and errors: as those of the store, whose part it is.
class Leases {
 public:
  virtual ~Leases() = default;

  /// Records that a node lives, for `ttl` from now by the database's own clock, forgets those that have
  /// been silent for node_memory, and returns who lives.
  [[nodiscard]] virtual Roll beat(const Heartbeat& heartbeat, std::chrono::milliseconds ttl) = 0;
  /// Who lives now.
  [[nodiscard]] virtual std::vector<LiveNode> live_nodes() = 0;
  /// The node lives no more, unless another life of it has joined.
  virtual void leave(NodeId node, LifeId life) = 0;
  /// Until the first of the other nodes' leases on these shards ends; not before 0. Nothing when they
  /// hold none.
  [[nodiscard]] virtual std::optional<std::chrono::milliseconds> soonest_end(
      NodeId node, const ShardSet& shards) = 0;

  /// Renews `held` where the epoch is still the current one, which it stays; takes those of the other
  /// `wanted` shards that are free, ended, or the node's own from an earlier life, under a new epoch.
  /// What was held under an older epoch is lost, and not taken by the same call. A take-over waits for
  /// fenced writes under way. Returns what the node owns now. Time is the database's own clock.
  [[nodiscard]] virtual std::vector<Lease> acquire(NodeId node, std::span<const Lease> held,
                                                   std::span<const Shard> wanted,
                                                   std::chrono::milliseconds ttl) = 0;
  /// Gives leases back, once the fenced writes under way have ended.
  virtual void release(NodeId node, std::span<const Lease> leases) = 0;
};

}  // namespace rappel::store
