// SPDX-License-Identifier: Apache-2.0
#include "scheduler/ready_queue.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace rappel::scheduler {
namespace {

std::array<std::int64_t, lane_weights.size()> lane_quanta(std::int64_t batch) {
  auto quanta = lane_weights;
  for (auto& quantum : quanta) quantum *= batch;
  return quanta;
}

}  // namespace

ReadyQueue::ReadyQueue(std::size_t batch_works_max)
    : quantum_(std::int64_t(batch_works_max)), lane_turns_(lane_quanta(quantum_)) {}

void ReadyQueue::push(Shard shard, TenantId tenant, Lane lane, std::uint32_t slot) {
  auto& urgency = urgencies_[std::size_t(lane)];
  auto& cell = cells_[{shard.number, lane, tenant}];
  if (cell.empty()) {
    const auto [flow, fresh] = urgency.flows.try_emplace(tenant, Flow{quantum_, {}});
    if (fresh) urgency.turns.push_back(tenant);
    flow->second.shards.push_back(shard);
  }
  cell.push_back(slot);
  ++urgency.waiting[shard.number];
  ++size_;
}

std::size_t ReadyQueue::waiting_of(Shard shard) const {
  std::size_t waiting = 0;
  for (const auto& urgency : urgencies_) waiting += urgency.waiting[shard.number];
  return waiting;
}

ReadyQueue::Open ReadyQueue::open_shards(const Usable& usable) const {
  Open open{};
  for (int number = 0; number < shard_count; ++number) {
    const Shard shard{std::uint8_t(number)};
    open[shard.number] = waiting_of(shard) > 0 && usable(shard);
  }
  return open;
}

/// Turns the flow's shards until an open one is first; false when none is.
bool ReadyQueue::bring_forward(Flow& flow, const Open& open) {
  const auto found = std::find_if(flow.shards.begin(), flow.shards.end(),
                                  [&](Shard shard) { return open[shard.number]; });
  if (found == flow.shards.end()) return false;
  std::rotate(flow.shards.begin(), found, flow.shards.end());
  return true;
}

/// One of this lane's tenants has an open shard.
Shard ReadyQueue::next_shard(Urgency& urgency, const Open& open) {
  for (;;) {
    Flow& flow = urgency.flows.at(urgency.turns.front());
    if (flow.credit > 0 && bring_forward(flow, open)) return flow.shards.front();
    flow.credit = std::min(quantum_, flow.credit + quantum_);
    std::rotate(urgency.turns.begin(), urgency.turns.begin() + 1, urgency.turns.end());
  }
}

std::optional<ReadyQueue::Turn> ReadyQueue::next(const Usable& usable) {
  front_.reset();
  const Open open = open_shards(usable);
  const auto lane = lane_turns_.next([&](std::size_t index) {
    const auto& waiting = urgencies_[index].waiting;
    for (std::size_t shard = 0; shard < waiting.size(); ++shard) {
      if (waiting[shard] > 0 && open[shard]) return true;
    }
    return false;
  });
  if (!lane) return std::nullopt;
  auto& urgency = urgencies_[*lane];
  const Shard shard = next_shard(urgency, open);
  front_ = Key{shard.number, Lane(*lane), urgency.turns.front()};
  return Turn{shard, waiting_of(shard)};
}

std::vector<std::uint32_t> ReadyQueue::take(std::size_t count) {
  ensure(front_.has_value(), "take() follows a next() that named a shard");
  const auto shard = std::get<0>(*front_);
  std::vector<std::uint32_t> taken;
  take_from(cells_.find(*front_), count, taken);
  front_.reset();
  auto cell = cells_.lower_bound({shard, Lane{}, TenantId{}});
  while (taken.size() < count && cell != cells_.end() && std::get<0>(cell->first) == shard)
    cell = take_from(cell, count, taken);
  return taken;
}

/// Moves slots out of a cell until `taken` holds `count`, and charges their owner. Returns the next cell.
ReadyQueue::Cells::iterator ReadyQueue::take_from(Cells::iterator cell, std::size_t count,
                                                  std::vector<std::uint32_t>& taken) {
  auto& [key, slots] = *cell;
  const auto& [shard, lane, tenant] = key;
  auto& urgency = urgencies_[std::size_t(lane)];
  auto& flow = urgency.flows.at(tenant);
  const std::size_t moved = std::min(slots.size(), count - taken.size());
  taken.insert(taken.end(), slots.begin(), slots.begin() + std::ptrdiff_t(moved));
  slots.erase(slots.begin(), slots.begin() + std::ptrdiff_t(moved));
  urgency.waiting[shard] -= moved;
  size_ -= moved;
  lane_turns_.charge(std::size_t(lane), std::int64_t(moved));
  flow.credit = std::max(flow.credit - std::int64_t(moved), -quantum_);
  const auto after = std::next(cell);
  std::erase(flow.shards, Shard{shard});
  if (slots.empty()) {
    retire(cell);
  } else {
    flow.shards.push_back(Shard{shard});
  }
  return after;
}

/// An empty cell goes, and with its last one the tenant's place among the turns.
void ReadyQueue::retire(Cells::iterator cell) {
  const auto [shard, lane, tenant] = cell->first;
  auto& urgency = urgencies_[std::size_t(lane)];
  cells_.erase(cell);
  const auto flow = urgency.flows.find(tenant);
  if (!flow->second.shards.empty()) return;
  urgency.flows.erase(flow);
  std::erase(urgency.turns, tenant);
}

void ReadyQueue::drop(Shard shard) {
  auto cell = cells_.lower_bound({shard.number, Lane{}, TenantId{}});
  while (cell != cells_.end() && std::get<0>(cell->first) == shard.number) {
    const auto gone = cell++;
    const auto& [number, lane, tenant] = gone->first;
    auto& urgency = urgencies_[std::size_t(lane)];
    size_ -= gone->second.size();
    urgency.waiting[number] -= gone->second.size();
    std::erase(urgency.flows.at(tenant).shards, shard);
    retire(gone);
  }
  front_.reset();
}

void ReadyQueue::drop(const store::ShardSet& shards) {
  for (int number = 0; number < shard_count; ++number) {
    if (shards.test(std::size_t(number))) drop(Shard{std::uint8_t(number)});
  }
}

void ReadyQueue::clear() {
  cells_.clear();
  for (auto& urgency : urgencies_) urgency = {};
  front_.reset();
  size_ = 0;
}

}  // namespace rappel::scheduler
