// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "schema/sql.hpp"
#include "store/postgres/state.hpp"

// The nodes that share the shards.

namespace rappel::store {

using namespace postgres;
using std::chrono::milliseconds;

namespace {

/// One digit for each shard, the first one for shard 0: as the columns and parameters have it.
std::string digits(const ShardSet& shards) {
  std::string text = shards.to_string();
  std::reverse(text.begin(), text.end());
  return text;
}

ShardSet shards_of(std::string digits) {
  std::reverse(digits.begin(), digits.end());
  return ShardSet(digits);
}

std::vector<LiveNode> read_nodes(Session& session) {
  std::vector<LiveNode> nodes;
  for (const auto& row : session.run(sql::live_nodes)) {
    nodes.push_back({id_of<NodeId>(row["node"]), shards_of(row["serves"].c_str()),
                     milliseconds{row["ends_in"].as<std::int64_t>()}});
  }
  return nodes;
}

}  // namespace

Roll PostgresStore::beat(const Heartbeat& heartbeat, milliseconds ttl) {
  return state_->run(Role::dispatch, std::nullopt, [&](Session& session) {
    Roll roll;
    roll.replaced = session
                        .run(sql::beat, heartbeat.node, heartbeat.life, digits(heartbeat.serves),
                             ttl.count(), heartbeat.joins)
                        .empty();
    session.run(sql::forget_nodes, milliseconds{node_memory}.count());
    roll.nodes = read_nodes(session);
    return roll;
  });
}

std::vector<LiveNode> PostgresStore::live_nodes() {
  return state_->run(Role::dispatch, std::nullopt, [](Session& session) { return read_nodes(session); });
}

void PostgresStore::leave(NodeId node, LifeId life) {
  state_->run(Role::dispatch, std::nullopt,
              [&](Session& session) { session.run(sql::leave, node, life); });
}

std::optional<milliseconds> PostgresStore::soonest_end(NodeId node, const ShardSet& shards) {
  return state_->run(Role::dispatch, std::nullopt,
                     [&](Session& session) -> std::optional<milliseconds> {
                       const auto ends_in =
                           session.run(sql::soonest_end, node, digits(shards)).at(0)["ends_in"];
                       if (ends_in.is_null()) return std::nullopt;
                       return milliseconds{std::max<std::int64_t>(0, ends_in.as<std::int64_t>())};
                     });
}

std::uint64_t PostgresStore::stale_writes() const { return state_->pool.stale_writes; }

}  // namespace rappel::store
