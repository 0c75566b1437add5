// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "scheduler/timer_wheel.hpp"

namespace rappel::scheduler::test {

/// What the wheel promises, in the plainest structures: a multimap keeps equal ticks in the order
/// of insertion. Timers are known by a number; a re-dated one gets a new number.
class WheelModel {
 public:
  void schedule(std::uint64_t now, std::uint64_t due, std::uint32_t user, TimerHandle handle) {
    const auto number = count();
    timers_.push_back({due, user, handle, true, live_.size()});
    live_.push_back(number);
    if (due <= now) late_.push_back(number);
    else future_.emplace(due, number);
  }
  void cancel(std::uint32_t number) {
    auto& timer = timers_[number];
    timer.live = false;
    timers_[live_.back()].place = timer.place;
    live_[timer.place] = live_.back();
    live_.pop_back();
  }

  /// `taken`: the tick up to which the wheel has already taken its timers out.
  void begin_advance(std::uint64_t taken) {
    while (!future_.empty() && future_.begin()->first <= taken) take_first_tick();
    ready_.insert(ready_.end(), late_.begin(), late_.end());
    late_.clear();
  }
  /// The timer that must fire next, which now counts as fired; nothing when none is due at `now`.
  std::optional<std::uint32_t> next(std::uint64_t now) {
    while (true) {
      while (!ready_.empty() && !timers_[ready_.front()].live) ready_.pop_front();
      if (!ready_.empty()) break;
      if (future_.empty() || future_.begin()->first > now) return std::nullopt;
      take_first_tick();
    }
    const auto number = ready_.front();
    ready_.pop_front();
    cancel(number);
    return number;
  }
  /// The lowest tick at which something live is due.
  std::optional<std::uint64_t> first_due() const {
    for (const auto number : ready_)
      if (timers_[number].live) return 0;
    for (const auto number : late_)
      if (timers_[number].live) return 0;
    for (const auto& [due, number] : future_)
      if (timers_[number].live) return due;
    return std::nullopt;
  }

  const std::vector<std::uint32_t>& live() const { return live_; }
  TimerHandle handle(std::uint32_t number) const { return timers_[number].handle; }
  std::uint32_t user(std::uint32_t number) const { return timers_[number].user; }
  std::uint64_t due(std::uint32_t number) const { return timers_[number].due; }
  std::uint32_t count() const { return static_cast<std::uint32_t>(timers_.size()); }
  bool is_live(std::uint32_t number) const { return timers_[number].live; }

 private:
  void take_first_tick() {
    const auto [begin, end] = future_.equal_range(future_.begin()->first);
    for (auto i = begin; i != end; ++i) ready_.push_back(i->second);
    future_.erase(begin, end);
  }

  struct Timer {
    std::uint64_t due;
    std::uint32_t user;
    TimerHandle handle;
    bool live;
    std::size_t place;  ///< in live_
  };
  std::vector<Timer> timers_;
  std::vector<std::uint32_t> live_;
  std::multimap<std::uint64_t, std::uint32_t> future_;
  std::deque<std::uint32_t> late_;
  std::deque<std::uint32_t> ready_;
};

}  // namespace rappel::scheduler::test
