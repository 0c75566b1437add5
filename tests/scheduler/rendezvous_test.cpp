// SPDX-License-Identifier: Apache-2.0
#include "scheduler/rendezvous.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace rappel;
using namespace rappel::scheduler;
using store::LiveNode;
using store::ShardSet;

namespace {

std::vector<LiveNode> nodes(int count) {
  std::vector<LiveNode> live;
  for (int i = 0; i < count; ++i)
    live.push_back({NodeId::derived(Shard{std::uint8_t(i)}, "node " + std::to_string(i)),
                    ShardSet{}.set(), {}});
  return live;
}

/// Which node has each shard; fails when one has two or none.
std::vector<NodeId> owners(const std::vector<LiveNode>& live) {
  std::vector<NodeId> owner(std::size_t{shard_count});
  ShardSet seen;
  for (const auto& node : live) {
    const auto share = share_of(node.id, live);
    CHECK((seen & share).none());
    seen |= share;
    for (std::size_t shard = 0; shard < share.size(); ++shard) {
      if (share.test(shard)) owner.at(shard) = node.id;
    }
  }
  CHECK(seen.all());
  return owner;
}

}  // namespace

TEST_CASE("every shard has one owner among the live nodes and each node about its part") {
  for (const int count : {1, 2, 3, 5, 16}) {
    const auto live = nodes(count);
    (void)owners(live);
    const double part = double(shard_count) / count;
    for (const auto& node : live) {
      const double share = double(share_of(node.id, live).count());
      // Within four standard deviations of chance.
      CHECK(std::abs(share - part) <= 4 * std::sqrt(part * (1 - 1.0 / count)));
    }
  }
}

TEST_CASE("a node that joins or leaves moves its own shards and no others") {
  for (int count = 1; count < 12; ++count) {
    const auto more = nodes(count + 1);
    const std::vector<LiveNode> fewer(more.begin(), more.end() - 1);
    const auto with = owners(more);
    const auto without = owners(fewer);
    const NodeId joined = more.back().id;
    for (std::size_t shard = 0; shard < with.size(); ++shard)
      CHECK((with.at(shard) == without.at(shard) || with.at(shard) == joined));
  }
}

TEST_CASE("shards that a node does not serve go to those that do and to nobody when there is none") {
  auto live = nodes(3);
  live[0].serves.reset().set(7);
  live[1].serves.reset(7);
  live[2].serves.reset(7).reset(8);
  CHECK(share_of(live[0].id, live) == ShardSet{}.set(7));
  CHECK(share_of(live[1].id, live).test(8));
  (void)owners(live);
  live[0].serves.reset();
  CHECK(share_of(live[0].id, live).none());
  CHECK_FALSE(share_of(live[1].id, live).test(7));
}

TEST_CASE("who is not among the live nodes has nothing") {
  CHECK(share_of(NodeId::random(), nodes(2)).none());
}

TEST_CASE("weights are what they always were") {
  // Nodes of different releases share one database: a change here would make them disagree.
  const auto node = NodeId::parse("00112233-4455-8677-8899-aabbccddeeff").value();
  CHECK(weight(node, Shard{0}) == 5'970'503'526'941'470'355U);
  CHECK(weight(node, Shard{255}) == 5'238'161'732'571'655'420U);
}
