// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/loop.hpp"

// One virtual time for several processes. base/virtual_loop.hpp plays one process whose wall clock is
// right; here each has a loop of its own, with its own wall clock, and may stand still or die between
// any two steps: then what it still had to do never happens.

namespace rappel::simulation {

using Work = std::function<void()>;

/// One life of one daemon.
struct Process {
  std::uint64_t serial = 0;  ///< never used twice
  int machine = 0;
  bool alive = true;
  bool paused = false;
  std::chrono::microseconds paused_for{0};  ///< in all
  std::vector<Work> backlog;                ///< what fell due while it stood still
};
using ProcessRef = std::shared_ptr<Process>;

/// Plays steps in the order of their time, and of their making when that is the same. One thread.
class Timeline final : public Clock {
 public:
  explicit Timeline(Instant start) : now_(start) {}

  /// The true time; also the database's.
  [[nodiscard]] Instant now() const override { return now_; }
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  /// Whose step is being played; none for the outside world.
  [[nodiscard]] const ProcessRef& current() const { return current_; }

  void at(Instant when, ProcessRef owner, Work work) {
    steps_ahead_.push_back({std::max(when, now_), ++made_, std::move(owner), std::move(work)});
    std::push_heap(steps_ahead_.begin(), steps_ahead_.end(), later);
  }
  void after(std::chrono::microseconds delay, ProcessRef owner, Work work) {
    at(now_ + delay, std::move(owner), std::move(work));
  }
  /// Runs `work` as if it were a step of this process: a request that it serves.
  template <typename Request>
  void as(const ProcessRef& owner, Request work) {
    const auto before = std::exchange(current_, owner);
    work();
    current_ = before;
  }

  void pause(Process& process) { process.paused = true; }
  void resume(const ProcessRef& process) {
    process->paused = false;
    for (auto& work : std::exchange(process->backlog, {})) at(now_, process, std::move(work));
  }

  /// `between` runs after each step; false ends the run.
  void run_until(Instant end, const std::function<bool()>& between) {
    while (!steps_ahead_.empty() && steps_ahead_.front().at <= end) {
      std::pop_heap(steps_ahead_.begin(), steps_ahead_.end(), later);
      auto step = std::move(steps_ahead_.back());
      steps_ahead_.pop_back();
      now_ = step.at;
      if (step.owner && !step.owner->alive) continue;
      if (step.owner && step.owner->paused) {
        step.owner->backlog.push_back(std::move(step.work));
        continue;
      }
      ++steps_;
      as(step.owner, step.work);
      if (!between()) return;
    }
    now_ = end;
  }

 private:
  struct Step {
    Instant at;
    std::uint64_t made;
    ProcessRef owner;
    Work work;
  };
  static bool later(const Step& a, const Step& b) {
    return a.at != b.at ? a.at > b.at : a.made > b.made;
  }

  Instant now_;
  std::uint64_t made_ = 0;
  std::uint64_t steps_ = 0;
  ProcessRef current_;
  std::vector<Step> steps_ahead_;  ///< a heap
};

/// The loop of one process. `wall` is its machine's error against the true time.
class ProcessLoop final : public Loop {
 public:
  ProcessLoop(Timeline& timeline, ProcessRef process, const std::chrono::microseconds& wall)
      : timeline_(timeline), process_(std::move(process)), wall_(wall) {}

  [[nodiscard]] Instant now() const override { return timeline_.now() + wall_; }
  [[nodiscard]] std::chrono::microseconds steady() const override {
    return timeline_.now().time_since_epoch();
  }
  void post(Work work) override { timeline_.at(timeline_.now(), process_, std::move(work)); }
  void after(std::chrono::microseconds delay, Work work) override {
    timeline_.after(std::max(delay, std::chrono::microseconds{0}), process_, std::move(work));
  }

 private:
  Timeline& timeline_;
  ProcessRef process_;
  const std::chrono::microseconds& wall_;
};

}  // namespace rappel::simulation
