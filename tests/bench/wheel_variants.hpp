// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "scheduler/timer_wheel.hpp"

// Three ways to hold many timers, under one interface: the wheel of the scheduler, a wheel of plain
// vectors (the least that such a structure can cost), and an Asio timer per reminder.
//
// Each has: handle_bytes (what its caller keeps per timer), a constructor that sets the handles
// aside, schedule(id, due), cancel(id), and run(until, fired) which calls fired(id, due).

namespace rappel::bench {

/// Every variant is advanced an hour of one-second ticks at a time.
inline constexpr std::uint32_t step_ticks = 3'600;

class RappelWheel {
 public:
  static constexpr std::size_t handle_bytes = sizeof(scheduler::TimerHandle);

  explicit RappelWheel(std::uint32_t count)
      : handles_(count), wheel_(scheduler::Tick{0}, {.entries_max = count}) {}

  void schedule(std::uint32_t id, std::uint32_t due) {
    handles_[id] = *wheel_.schedule(scheduler::Tick{due}, id);
  }
  void cancel(std::uint32_t id) { wheel_.cancel(handles_[id]); }

  template <typename Callback>
  void run(std::uint32_t until, Callback&& fired) {
    for (std::uint64_t now = 0; now < until + step_ticks; now += step_ticks) {
      bool more = true;
      while (more) {
        more = wheel_.advance(scheduler::Tick{now}, 5'000, [&](const scheduler::Fired& timer) {
          fired(timer.user, static_cast<std::uint32_t>(timer.due.number));
        }).more;
      }
    }
  }

 private:
  std::vector<scheduler::TimerHandle> handles_;
  scheduler::TimerWheel wheel_;
};

/// No handles, no limits, no catching up, a vector per slot, a bit per cancelled timer.
class BareBuckets {
 public:
  static constexpr std::size_t handle_bytes = 0;

  explicit BareBuckets(std::uint32_t count) : cancelled_(count) {}

  void schedule(std::uint32_t id, std::uint32_t due) { slot(due).push_back({due, id}); }
  void cancel(std::uint32_t id) { cancelled_[id] = true; }

  template <typename Callback>
  void run(std::uint32_t until, Callback&& fired) {
    while (now_ <= until) {
      for (Timer timer : slots_[0][now_ & 255]) {
        if (!cancelled_[timer.id]) fired(timer.id, timer.due);
      }
      slots_[0][now_ & 255].clear();
      ++now_;
      for (unsigned level = 3; level > 0; --level) {
        if ((now_ & ((1U << (8 * level)) - 1)) == 0) spread(level);
      }
    }
  }

 private:
  struct Timer {
    std::uint32_t due;
    std::uint32_t id;
  };

  std::vector<Timer>& slot(std::uint32_t due) {
    const unsigned level = (std::bit_width((due ^ now_) | 1U) - 1) / 8;
    return slots_[level][(due >> (8 * level)) & 255];
  }
  void spread(unsigned level) {
    std::vector<Timer> timers;
    timers.swap(slots_[level][(now_ >> (8 * level)) & 255]);
    for (Timer timer : timers) {
      if (!cancelled_[timer.id]) slot(timer.due).push_back(timer);
    }
  }

  std::array<std::array<std::vector<Timer>, 256>, 4> slots_;
  std::vector<bool> cancelled_;
  std::uint32_t now_ = 0;
};

/// A clock that the benchmark sets, so that a year passes in seconds.
struct SteppedClock {
  using duration = std::chrono::seconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<SteppedClock>;
  static constexpr bool is_steady = true;
  static inline time_point present{};
  static time_point now() { return present; }
};

/// Tells Asio never to sleep: each poll looks at the timers again.
struct NeverWait {
  static SteppedClock::duration to_wait_duration(SteppedClock::duration) { return {}; }
  static SteppedClock::duration to_wait_duration(SteppedClock::time_point) { return {}; }
};

class AsioTimers {
 public:
  static constexpr std::size_t handle_bytes = sizeof(void*);

  explicit AsioTimers(std::uint32_t count) : timers_(count), due_of_fired_() {}

  void schedule(std::uint32_t id, std::uint32_t due) {
    timers_[id] = std::make_unique<Timer>(io_, SteppedClock::time_point{std::chrono::seconds{due}});
    timers_[id]->async_wait([this, id, due](const boost::system::error_code& error) {
      if (!error) due_of_fired_.push_back({id, due});
    });
  }
  void cancel(std::uint32_t id) {
    timers_[id]->cancel();
    if (++cancels_ % 1'024 == 0) io_.poll();  // lets go of the handlers now and then
  }

  template <typename Callback>
  void run(std::uint32_t until, Callback&& fired) {
    for (std::uint32_t now = 0; now < until + step_ticks; now += step_ticks) {
      SteppedClock::present = SteppedClock::time_point{std::chrono::seconds{now}};
      io_.restart();
      io_.poll();
      for (const auto& [id, due] : due_of_fired_) fired(id, due);
      due_of_fired_.clear();
    }
  }

 private:
  using Timer = boost::asio::basic_waitable_timer<SteppedClock, NeverWait>;
  boost::asio::io_context io_{1};
  std::vector<std::unique_ptr<Timer>> timers_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> due_of_fired_;
  std::uint32_t cancels_ = 0;
};

}  // namespace rappel::bench
