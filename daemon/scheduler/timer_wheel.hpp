// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tl/expected.hpp>

#include "scheduler/entry_chunks.hpp"
#include "scheduler/timer_records.hpp"

// A hierarchical timer wheel: no clock, no thread, no I/O. A tick goes in, due timers come out.
//
//   TimerWheel wheel{Tick{0}, {.entries_max = 1'000}};
//   const auto handle = wheel.schedule(Tick{42}, my_slot);
//   auto [fired, more] = wheel.advance(Tick{60}, 100, [](const Fired& timer) { use(timer.user); });
//
// Thread rule: one thread. The callback may schedule, cancel and re-date, but not advance.
// Invariants: timers come out in the order of their ticks, and within a tick in the order in which
// they were scheduled or last re-dated. A timer dated in the past comes out at the next advance.
// Cost: schedule, cancel and re-date take constant time, memory growth apart; empty ticks cost
// nothing; an advance looks at a limited number of entries and says whether it must be continued.

namespace rappel::scheduler {

struct Tick {
  std::uint64_t number = 0;
  auto operator<=>(const Tick&) const = default;
};

enum class TimerRefusal {
  full,            ///< `entries_max` timers are live
  beyond_horizon,  ///< more than TimerWheel::horizon_ticks ahead
  stale,           ///< the handle's timer fired, was cancelled or was re-dated
};

struct Fired {
  TimerHandle handle;  ///< stale by now
  Tick due;
  std::uint32_t user;
};

class TimerWheel {
 public:
  static constexpr std::uint64_t horizon_ticks = 0xffff'ffff;
  static constexpr std::size_t entries_limit = std::size_t{1} << 30;
  /// Cancelled entries are swept out, a few at each cancel, while they outnumber live ones by more
  /// than this.
  static constexpr std::size_t dead_slack = 1'024;

  struct Options {
    std::size_t entries_max = 1'000'000;  ///< live timers; 1 to entries_limit
    /// Entries that one advance may fire, move to a finer level or drop, before it pauses.
    std::size_t touched_per_advance_max = 100'000;

    /// Throws std::invalid_argument that names the option.
    void validate() const;
  };
  struct Progress {
    std::size_t fired = 0;
    bool more = false;  ///< call advance again: there may be more up to this tick
  };
  using Scheduled = tl::expected<TimerHandle, TimerRefusal>;

  /// Ticks up to and including `start` are past.
  TimerWheel(Tick start, Options options);

  /// `user` is the caller's: it comes back when the timer fires.
  [[nodiscard]] Scheduled schedule(Tick due, std::uint32_t user);
  /// False, and nothing done, when the handle is stale.
  bool cancel(TimerHandle handle) {
    if (!records_.live(handle)) return false;
    records_.kill(handle.index);
    --live_;
    if (++dead_ > live_ + dead_slack) sweep();
    return true;
  }
  /// Moves a timer: it gets a new handle and stands last in its new tick. Refused, it stays as is.
  [[nodiscard]] Scheduled redate(TimerHandle handle, Tick due);
  [[nodiscard]] bool live(TimerHandle handle) const { return records_.live(handle); }

  /// Calls `callback(const Fired&)` for up to `fired_max` timers due at `now` or before. What the
  /// callback dates in the past waits for the next advance. `now` never goes back: an earlier one
  /// counts as the last one.
  template <typename Callback>
  Progress advance(Tick now, std::size_t fired_max, Callback&& callback);

  /// No timer is due before this tick; it may be early, never late. Nothing while no timer lives.
  [[nodiscard]] std::optional<Tick> next_due() const;
  [[nodiscard]] Tick now() const { return Tick{base_}; }
  [[nodiscard]] std::size_t size() const { return live_; }
  [[nodiscard]] bool full() const { return live_ >= options_.entries_max; }
  [[nodiscard]] std::size_t dead() const { return dead_; }
  [[nodiscard]] std::size_t bytes() const { return chunks_.bytes() + records_.bytes(); }
  /// Entries touched and slots visited since construction: the effort, measured without a clock.
  [[nodiscard]] std::uint64_t steps() const { return steps_; }

 private:
  using Slot = std::uint32_t;
  struct Stop {
    Slot slot;
    std::uint64_t start;  ///< first tick of the slot's range
  };
  enum class Refill { ready, nothing_due, out_of_budget };
  struct Busy;

  // Four levels of 256 slots, then the queue of what lies behind the next multiple of 2^32, of what
  // was dated in the past, and of what is due now.
  static constexpr Slot far_slot = 1'024;
  static constexpr Slot late_slot = 1'025;
  static constexpr Slot ready_slot = 1'026;
  static constexpr Slot slot_count = 1'027;

  static Slot slot_for(std::uint64_t due, std::uint64_t base);
  [[nodiscard]] bool occupied(Slot slot) const { return !queues_[slot].empty(); }
  [[nodiscard]] Slot next_occupied(Slot from, Slot end) const;
  [[nodiscard]] std::optional<Stop> next_stop() const;
  void push(Slot slot, Entry entry);
  void splice(Slot to, Slot from);
  void drop_head(Slot slot);
  void note_if_empty(Slot slot);
  void enter(Tick due, std::uint32_t index);
  void drop(std::uint32_t index);
  Entry pop_ready();
  Fired expire(Entry entry);
  void close(std::uint32_t index) { chunks_.stack(free_records_, {0, index}); }
  Refill refill(Tick now, std::size_t& budget);
  bool cascade(Stop stop, std::size_t& budget);
  void sweep();
  void release_if_empty();

  Options options_;
  std::uint64_t base_;           ///< last tick whose timers were taken out
  std::optional<Stop> cascading_;  ///< a cascade that ran out of budget
  std::array<Queue, slot_count> queues_;
  std::array<std::uint64_t, slot_count / 64 + 1> occupied_{};
  ChunkPool chunks_;
  Queue free_records_;  ///< a stack; in chunks, so that freeing a record does not fetch it
  TimerRecords records_;
  std::size_t live_ = 0;
  std::size_t dead_ = 0;
  std::uint64_t steps_ = 0;
  Slot sweep_slot_ = 0;
  std::uint32_t sweep_chunk_ = no_chunk;
  bool advancing_ = false;
};

/// Marks an advance under way, also when the callback throws.
struct TimerWheel::Busy {
  explicit Busy(TimerWheel& wheel);
  ~Busy();
  TimerWheel& wheel;
};

template <typename Callback>
TimerWheel::Progress TimerWheel::advance(Tick now, std::size_t fired_max, Callback&& callback) {
  const Busy busy{*this};
  Progress progress;
  std::size_t budget = options_.touched_per_advance_max;
  splice(ready_slot, late_slot);
  Refill found = Refill::ready;
  while (found == Refill::ready) {
    while (occupied(ready_slot) && progress.fired < fired_max && budget > 0) {
      --budget;
      const Entry entry = pop_ready();
      if (!records_.live(entry.index)) {
        drop(entry.index);
        continue;
      }
      ++progress.fired;
      callback(expire(entry));
    }
    found = occupied(ready_slot) ? Refill::out_of_budget : refill(now, budget);
  }
  progress.more = found == Refill::out_of_budget;
  return progress;
}

}  // namespace rappel::scheduler
