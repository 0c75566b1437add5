// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "store/memory/tables.hpp"

// The leases of MemoryStore, and the nodes that share them.

namespace rappel::store {

using std::chrono::milliseconds;

namespace {

milliseconds until(Instant end, Instant now) {
  return std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(end - now));
}

}  // namespace

std::vector<LiveNode> MemoryStore::State::live_nodes() const {
  const Instant now = clock.now();
  std::vector<LiveNode> live;
  for (const auto& [id, node] : nodes) {
    if (node.until > now) live.push_back({id, node.serves, until(node.until, now)});
  }
  return live;
}

Roll MemoryStore::beat(const Heartbeat& heartbeat, milliseconds ttl) {
  state_->play_fault("beat");
  const std::lock_guard lock(state_->mutex);
  const Instant now = state_->clock.now();
  std::erase_if(state_->nodes, [&](const auto& node) { return node.second.until < now - node_memory; });
  const auto known = state_->nodes.find(heartbeat.node);
  if (known != state_->nodes.end() && !heartbeat.joins && known->second.life != heartbeat.life)
    return {state_->live_nodes(), true};
  state_->nodes[heartbeat.node] = {heartbeat.life, heartbeat.serves, now + ttl};
  return {state_->live_nodes(), false};
}

std::vector<LiveNode> MemoryStore::live_nodes() {
  state_->play_fault("live_nodes");
  const std::lock_guard lock(state_->mutex);
  return state_->live_nodes();
}

void MemoryStore::leave(NodeId node, LifeId life) {
  state_->play_fault("leave");
  const std::lock_guard lock(state_->mutex);
  const auto known = state_->nodes.find(node);
  if (known != state_->nodes.end() && known->second.life == life) state_->nodes.erase(known);
}

std::optional<milliseconds> MemoryStore::soonest_end(NodeId node, const ShardSet& shards) {
  state_->play_fault("soonest_end");
  const std::lock_guard lock(state_->mutex);
  std::optional<Instant> soonest;
  for (std::size_t number = 0; number < shards.size(); ++number) {
    const auto& rows = state_->shards.at(number);
    if (!shards.test(number) || !rows.lease_owner || rows.lease_owner == node) continue;
    soonest = std::min(soonest.value_or(rows.lease_until), rows.lease_until);
  }
  if (!soonest) return std::nullopt;
  return until(*soonest, state_->clock.now());
}

std::vector<Lease> MemoryStore::acquire(NodeId node, std::span<const Lease> held,
                                        std::span<const Shard> wanted, milliseconds ttl) {
  state_->play_fault("acquire");
  std::unique_lock lock(state_->mutex);
  std::vector<Lease> owned;
  ShardSet known;
  for (const auto& lease : held) {
    known.set(lease.shard.number);
    auto& rows = state_->rows(lease.shard);
    if (rows.lease_owner != node || rows.lease_epoch != lease.epoch) continue;
    rows.lease_until = state_->clock.now() + ttl;
    owned.push_back({lease.shard, rows.lease_epoch, rows.lease_until});
  }
  for (const Shard shard : wanted) {
    auto& rows = state_->rows(shard);
    const auto is_free = [&] {
      return !rows.lease_owner || rows.lease_owner == node || rows.lease_until <= state_->clock.now();
    };
    if (known.test(shard.number) || !is_free()) continue;
    if (!state_->wait_unheld(shard, lock)) {
      if (owned.empty()) throw StoreUnavailable("the shard's owner is in the middle of a write");
      return owned;
    }
    if (!is_free()) continue;
    const bool taken_over = rows.lease_owner && rows.lease_owner != node;
    rows.lease_owner = node;
    rows.lease_until = state_->clock.now() + ttl;
    owned.push_back({shard, ++rows.lease_epoch, rows.lease_until, taken_over});
  }
  return owned;
}

void MemoryStore::release(NodeId node, std::span<const Lease> leases) {
  state_->play_fault("release");
  std::unique_lock lock(state_->mutex);
  for (const auto& lease : leases) {
    auto& rows = state_->rows(lease.shard);
    const auto is_ours = [&] { return rows.lease_owner == node && rows.lease_epoch == lease.epoch; };
    if (!is_ours()) continue;
    if (!state_->wait_unheld(lease.shard, lock))
      throw StoreUnavailable("the shard's owner is in the middle of a write");
    if (is_ours()) rows.lease_owner.reset();
  }
}

std::uint64_t MemoryStore::stale_writes() const { return state_->stale_writes; }

}  // namespace rappel::store
