// SPDX-License-Identifier: Apache-2.0
#include "scheduler/work_wheel.hpp"

#include <algorithm>
#include <cstring>

#include "base/ensure.hpp"

namespace rappel::scheduler {

std::size_t WorkWheel::HashId::operator()(const IdBytes& id) const noexcept {
  std::size_t value;
  std::memcpy(&value, id.data() + 8, sizeof value);
  return value;
}

WorkWheel::WorkWheel(std::chrono::microseconds tick, Instant origin, std::size_t entries_max)
    : tick_(tick),
      origin_(origin),
      entries_max_(entries_max),
      wheel_(Tick{0}, TimerWheel::Options{.entries_max = entries_max}) {}

/// The first tick that does not begin before `at`: never early.
Tick WorkWheel::tick_of(Instant at) const {
  if (at <= origin_) return Tick{0};
  const auto since = at - origin_;
  return Tick{std::uint64_t((since + tick_ - std::chrono::microseconds{1}) / tick_)};
}

bool WorkWheel::add(const store::Work& work) {
  const auto known = by_id_.find(work.id);
  if (known != by_id_.end()) {
    Slot& slot = slots_[known->second];
    if (slot.place == Place::busy) slot.again = work.at;
    if (slot.place != Place::waiting || slot.work.at == work.at) return true;
    const auto moved = wheel_.redate(slot.handle, tick_of(work.at));
    if (!moved) return false;
    slot.handle = *moved;
    slot.work = work;
    return true;
  }
  if (by_id_.size() >= entries_max_) return false;
  if (free_.empty()) {
    free_.push_back(std::uint32_t(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t index = free_.back();
  const auto handle = wheel_.schedule(tick_of(work.at), index);
  if (!handle) return false;
  free_.pop_back();
  slots_[index] = Slot{work, *handle, Place::waiting, std::nullopt};
  by_id_.emplace(work.id, index);
  ++of_tenant_[work.tenant];
  return true;
}

bool WorkWheel::is_busy(const IdBytes& id) const {
  const auto known = by_id_.find(id);
  return known != by_id_.end() && slots_[known->second].place == Place::busy;
}

bool WorkWheel::crowded_by(TenantId tenant) const {
  const auto found = of_tenant_.find(tenant);
  return found != of_tenant_.end() && found->second >= entries_max_ / 4 * 3;
}

bool WorkWheel::advance(Instant now, std::size_t fired_max,
                        const std::function<void(std::uint32_t)>& ready) {
  if (now < origin_) return false;
  const Tick tick{std::uint64_t((now - origin_) / tick_)};
  const auto progress = wheel_.advance(tick, fired_max, [&](const Fired& timer) {
    slots_[timer.user].place = Place::ready;
    ready(timer.user);
  });
  return progress.more;
}

const store::Work& WorkWheel::take(std::uint32_t slot) {
  ensure(slots_[slot].place == Place::ready, "only ready work can be taken");
  slots_[slot].place = Place::busy;
  ++busy_;
  ++busy_in_.at(slots_[slot].work.id[0]);
  return slots_[slot].work;
}

std::optional<store::Work> WorkWheel::finish(const IdBytes& id, std::optional<Instant> next) {
  const auto known = by_id_.find(id);
  if (known == by_id_.end()) return std::nullopt;
  const std::uint32_t index = known->second;
  Slot& slot = slots_[index];
  if (slot.place != Place::busy) return std::nullopt;
  --busy_;
  --busy_in_.at(id[0]);
  store::Work work = slot.work;
  const auto at = slot.again && (!next || *slot.again < *next) ? slot.again : next;
  free(index);
  if (!at) return std::nullopt;
  work.at = *at;
  return work;
}

void WorkWheel::drop(const store::ShardSet& shards) {
  for (std::uint32_t index = 0; index < slots_.size(); ++index) {
    Slot& slot = slots_[index];
    const bool held = slot.place == Place::waiting || slot.place == Place::ready;
    if (!held || !shards.test(slot.work.id[0])) continue;
    if (slot.place == Place::waiting) wheel_.cancel(slot.handle);
    free(index);
  }
}

void WorkWheel::free(std::uint32_t index) {
  by_id_.erase(slots_[index].work.id);
  if (const auto tenant = of_tenant_.find(slots_[index].work.tenant); --tenant->second == 0)
    of_tenant_.erase(tenant);
  slots_[index] = Slot{};
  free_.push_back(index);
}

std::optional<Instant> WorkWheel::next_due() const {
  const auto tick = wheel_.next_due();
  if (!tick) return std::nullopt;
  return origin_ + tick_ * std::int64_t(tick->number);
}

}  // namespace rappel::scheduler
