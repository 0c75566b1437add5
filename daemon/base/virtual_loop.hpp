// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>

#include "base/loop.hpp"

namespace rappel {

/// A loop on virtual time: run_until() plays everything that falls due, in order, and moves the
/// clock from one moment to the next without waiting. One thread.
class VirtualLoop final : public Loop {
 public:
  explicit VirtualLoop(Instant start) : now_(start) {}

  [[nodiscard]] Instant now() const override { return now_; }
  [[nodiscard]] std::chrono::microseconds steady() const override {
    return now_.time_since_epoch();
  }
  void post(std::function<void()> work) override { posted_.push_back(std::move(work)); }
  void after(std::chrono::microseconds delay, std::function<void()> work) override {
    timers_.emplace(now_ + std::max(delay, std::chrono::microseconds{0}), std::move(work));
  }

  /// Timers that have fired: what work costs, without a clock.
  [[nodiscard]] std::uint64_t played() const { return played_; }

  void run_until(Instant end) {
    for (;;) {
      run_posted();
      if (timers_.empty() || timers_.begin()->first > end) break;
      auto node = timers_.extract(timers_.begin());
      now_ = node.key();
      ++played_;
      node.mapped()();
    }
    now_ = end;
  }

 private:
  void run_posted() {
    while (!posted_.empty()) {
      auto work = std::move(posted_.front());
      posted_.pop_front();
      work();
    }
  }

  Instant now_;
  std::uint64_t played_ = 0;
  std::deque<std::function<void()>> posted_;
  std::multimap<Instant, std::function<void()>> timers_;  // equal keys keep their order
};

}  // namespace rappel
