// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "store/leases.hpp"

namespace rappel::scheduler {

/// A node's claim on a shard: the highest among the live nodes has it. The same in every build and on
/// every machine, for ever: nodes of different releases must agree.
std::uint64_t weight(NodeId node, Shard shard);

/// The shards for which `node` ranks first among the live nodes that serve them; none when it is not
/// among them. A node that joins takes only what it ranks first for, one that leaves moves only what it
/// had: nothing moves between the others.
store::ShardSet share_of(NodeId node, std::span<const store::LiveNode> live);

}  // namespace rappel::scheduler
