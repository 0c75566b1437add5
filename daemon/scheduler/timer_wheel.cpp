// SPDX-License-Identifier: Apache-2.0
#include "scheduler/timer_wheel.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>

#include "base/ensure.hpp"

namespace rappel::scheduler {

namespace {
constexpr unsigned level_count = 4;
constexpr std::uint32_t level_slots = 256;

/// How far ahead records are fetched before they are needed.
constexpr std::uint16_t prefetch_distance = 12;
}  // namespace

void TimerWheel::Options::validate() const {
  if (entries_max == 0 || entries_max > entries_limit)
    throw std::invalid_argument("timer_wheel.entries_max must lie between 1 and 2^30");
  if (touched_per_advance_max == 0)
    throw std::invalid_argument("timer_wheel.touched_per_advance_max must be at least 1");
}

TimerWheel::TimerWheel(Tick start, Options options) : options_(options), base_(start.number) {
  options_.validate();
}

TimerWheel::Busy::Busy(TimerWheel& busy_wheel) : wheel(busy_wheel) {
  ensure(!wheel.advancing_, "a timer's callback does not advance its wheel");
  wheel.advancing_ = true;
}

TimerWheel::Busy::~Busy() {
  wheel.advancing_ = false;
  wheel.release_if_empty();
}

/// The level is the highest base-256 digit in which the two ticks differ; the slot is that digit.
inline TimerWheel::Slot TimerWheel::slot_for(std::uint64_t due, std::uint64_t base) {
  const std::uint64_t difference = (due ^ base) | 1;
  if (difference >> 32 != 0) return far_slot;
  const unsigned level = (std::bit_width(difference) - 1) / 8;
  return level * level_slots + ((due >> (8 * level)) & (level_slots - 1));
}

inline void TimerWheel::push(Slot slot, Entry entry) {
  chunks_.push(queues_.data()[slot], entry);
  occupied_.data()[slot / 64] |= std::uint64_t{1} << (slot % 64);
}

inline void TimerWheel::enter(Tick due, std::uint32_t index) {
  const std::uint64_t oldest = base_ - std::min(base_, horizon_ticks);
  const std::uint64_t number = std::max(due.number, oldest);
  const Slot slot = number <= base_ ? late_slot : slot_for(number, base_);
  push(slot, {static_cast<std::uint32_t>(number), index});
}

TimerWheel::Scheduled TimerWheel::schedule(Tick due, std::uint32_t user) {
  if (full()) return tl::unexpected(TimerRefusal::full);
  if (due.number > base_ && due.number - base_ > horizon_ticks)
    return tl::unexpected(TimerRefusal::beyond_horizon);
  const auto index = free_records_.empty() ? records_.add() : chunks_.pop(free_records_).index;
  const TimerHandle handle = records_.open(index, user);
  ++live_;
  enter(due, handle.index);
  return handle;
}

TimerWheel::Scheduled TimerWheel::redate(TimerHandle handle, Tick due) {
  if (!records_.live(handle)) return tl::unexpected(TimerRefusal::stale);
  if (due.number > base_ && due.number - base_ > horizon_ticks)
    return tl::unexpected(TimerRefusal::beyond_horizon);
  const std::uint32_t user = records_.user(handle.index);
  cancel(handle);
  return schedule(due, user);
}

/// After something left the queue: its chunks may be gone, so a sweep there starts again.
void TimerWheel::note_if_empty(Slot slot) {
  if (slot == sweep_slot_) sweep_chunk_ = no_chunk;
  if (!occupied(slot)) occupied_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
}

void TimerWheel::splice(Slot to, Slot from) {
  if (!occupied(from)) return;
  chunks_.append(queues_[to], queues_[from]);
  occupied_[to / 64] |= std::uint64_t{1} << (to % 64);
  note_if_empty(from);
}

void TimerWheel::drop_head(Slot slot) {
  chunks_.drop_head(queues_[slot]);
  note_if_empty(slot);
}

/// The first occupied slot of [from, end), or end.
TimerWheel::Slot TimerWheel::next_occupied(Slot from, Slot end) const {
  Slot slot = from;
  while (slot < end) {
    const std::uint64_t bits = occupied_[slot / 64] >> (slot % 64);
    if (bits != 0) return std::min<Slot>(end, slot + static_cast<Slot>(std::countr_zero(bits)));
    slot = (slot / 64 + 1) * 64;
  }
  return end;
}

/// The occupied slot with the lowest ticks: everything on a fine level lies before everything on a
/// coarser one, because it shares more digits with the present.
std::optional<TimerWheel::Stop> TimerWheel::next_stop() const {
  if (cascading_) return cascading_;
  for (unsigned level = 0; level < level_count; ++level) {
    const unsigned shift = 8 * level;
    const Slot first = level * level_slots;
    const Slot present = first + static_cast<Slot>((base_ >> shift) & (level_slots - 1));
    const Slot slot = next_occupied(present + 1, first + level_slots);
    if (slot == first + level_slots) continue;
    const std::uint64_t coarse = base_ >> shift >> 8 << 8;
    return Stop{slot, (coarse | (slot - first)) << shift};
  }
  if (occupied(far_slot)) return Stop{far_slot, ((base_ >> 32) + 1) << 32};
  return std::nullopt;
}

std::optional<Tick> TimerWheel::next_due() const {
  if (live_ == 0) return std::nullopt;
  if (occupied(ready_slot) || occupied(late_slot)) return Tick{base_};
  const auto stop = next_stop();
  ensure(stop.has_value(), "a live timer lies in some slot");
  return Tick{stop->start};
}

/// Brings the next due slot to the ready queue, or the present to `now` when there is none.
TimerWheel::Refill TimerWheel::refill(Tick now, std::size_t& budget) {
  ++steps_;
  const auto stop = next_stop();
  if (!stop || stop->start > now.number) {
    base_ = std::max(base_, now.number);
    return Refill::nothing_due;
  }
  if (stop->slot >= level_slots)
    return cascade(*stop, budget) ? Refill::ready : Refill::out_of_budget;
  base_ = stop->start;
  splice(ready_slot, stop->slot);
  return Refill::ready;
}

/// Spreads a slot over the finer levels. Until all of it is spread the present stays just before
/// the slot, so what is scheduled meanwhile queues up behind what is still to be spread: first in,
/// first out holds across levels and across pauses.
bool TimerWheel::cascade(Stop stop, std::size_t& budget) {
  base_ = stop.start - 1;
  cascading_ = stop;
  const auto start = static_cast<std::uint32_t>(stop.start);
  const bool soon = stop.slot < 2 * level_slots;  // to be fired within 256 ticks
  while (occupied(stop.slot)) {
    if (budget == 0) return false;
    const Chunk& chunk = chunks_[queues_[stop.slot].head];
    const std::size_t count = chunk.last - chunk.first;
    for (std::uint16_t i = chunk.first; i < chunk.last; ++i) {
      const Entry entry = chunk.entries.data()[i];
      if (!records_.live(entry.index)) {
        drop(entry.index);
        continue;
      }
      if (soon) records_.prefetch(entry.index);
      push(slot_for(stop.start + (entry.due - start), stop.start), entry);
    }
    steps_ += count;
    budget -= std::min(budget, std::max<std::size_t>(count, 1));
    drop_head(stop.slot);
  }
  cascading_.reset();
  base_ = stop.start;
  splice(ready_slot, static_cast<Slot>(stop.start & (level_slots - 1)));
  return true;
}

Entry TimerWheel::pop_ready() {
  ++steps_;
  Chunk* chunk = &chunks_[queues_[ready_slot].head];
  while (chunk->empty()) {  // a sweep may leave one, never the last
    drop_head(ready_slot);
    chunk = &chunks_[queues_[ready_slot].head];
  }
  const Entry entry = chunk->entries.data()[chunk->first++];
  if (chunk->first + prefetch_distance < chunk->last)
    records_.prefetch(chunk->entries.data()[chunk->first + prefetch_distance].index);
  if (chunk->empty()) drop_head(ready_slot);
  return entry;
}

Fired TimerWheel::expire(Entry entry) {
  const std::uint32_t age = static_cast<std::uint32_t>(base_) - entry.due;
  const Fired fired{records_.handle(entry.index), Tick{base_ - age}, records_.user(entry.index)};
  records_.kill(entry.index);
  close(entry.index);
  --live_;
  return fired;
}

void TimerWheel::drop(std::uint32_t index) {
  close(index);
  --dead_;
}

/// One small step of taking dead entries out of the queues, chunk after chunk and slot after slot:
/// folds a chunk's live entries into the one before it.
void TimerWheel::sweep() {
  const auto keep = [this](const Entry& entry) {
    ++steps_;
    if (records_.live(entry.index)) return true;
    drop(entry.index);
    return false;
  };
  if (sweep_chunk_ == no_chunk) {
    sweep_slot_ = next_occupied(sweep_slot_ + 1, slot_count);
    if (sweep_slot_ == slot_count) sweep_slot_ = next_occupied(0, slot_count);
    sweep_chunk_ = queues_[sweep_slot_].head;
    chunks_[sweep_chunk_].squeeze(keep);
  }
  Chunk& chunk = chunks_[sweep_chunk_];
  if (chunk.next != no_chunk) {
    Chunk& next = chunks_[chunk.next];
    next.squeeze(keep);
    chunk.fill_from(next);
    if (next.empty()) chunks_.drop_after(queues_[sweep_slot_], sweep_chunk_);
    else sweep_chunk_ = chunk.next;
  }
  if (chunk.next != no_chunk) return;
  sweep_chunk_ = no_chunk;
  if (chunk.empty()) drop_head(sweep_slot_);  // only a head stays empty
}

void TimerWheel::release_if_empty() {
  constexpr std::size_t kept_bytes = std::size_t{8} << 20;
  if (live_ + dead_ > 0 || bytes() <= kept_bytes) return;
  queues_.fill({});
  occupied_.fill(0);
  sweep_chunk_ = no_chunk;
  free_records_ = {};
  chunks_.release();
  records_.release();
}

}  // namespace rappel::scheduler
