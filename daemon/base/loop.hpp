// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/clock.hpp"

namespace rappel {

/// The one thread that holds all mutable in-memory state. The daemon runs it on Asio, a simulation
/// on virtual time; code that uses it cannot tell which.
class Loop {
 public:
  virtual ~Loop() = default;
  /// The wall clock, for what is due. Any thread.
  [[nodiscard]] virtual Instant now() const = 0;
  /// Steady time since an origin of its own: for how long, never for when. Any thread.
  [[nodiscard]] virtual std::chrono::microseconds steady() const = 0;
  /// Runs `work` on the loop, after what is already waiting. Any thread.
  virtual void post(std::function<void()> work) = 0;
  /// Runs `work` on the loop after `delay` of steady time. Loop thread only; cannot be cancelled, so
  /// whoever may change its mind checks when called.
  virtual void after(std::chrono::microseconds delay, std::function<void()> work) = 0;
};

/// Where blocking work runs: a bounded pool of threads in the daemon, at once in a simulation.
class Jobs {
 public:
  virtual ~Jobs() = default;
  /// Queues `job`; false when the queue is full (its owner then tries again later).
  [[nodiscard]] virtual bool submit(std::function<void()> job) = 0;
};

/// What a blocking job gave: a value, or the exception that a broken world threw.
template <typename T>
class JobResult {
 public:
  explicit JobResult(T value) : value_(std::make_shared<T>(std::move(value))) {}
  explicit JobResult(std::exception_ptr error) : error_(std::move(error)) {}
  [[nodiscard]] bool ok() const { return value_ != nullptr; }
  [[nodiscard]] T& value() { return *value_; }
  /// The text of the exception, for a log line.
  [[nodiscard]] std::string error() const {
    try {
      if (error_) std::rethrow_exception(error_);
    } catch (const std::exception& e) {
      return e.what();
    } catch (...) {
      return "an exception of an unknown type";
    }
    return {};
  }

 private:
  // Shared because std::function wants a copyable capture; there is one reader at a time.
  std::shared_ptr<T> value_;
  std::exception_ptr error_;
};

/// Runs `work` as a blocking job and `then(JobResult<T>)` on the loop with what it gave. This is
/// one of the five places where exceptions are caught. False when the queue is full.
template <typename Work, typename Then>
[[nodiscard]] bool run_job(Jobs& jobs, Loop& loop, Work work, Then then) {
  using T = decltype(work());
  return jobs.submit([&loop, work = std::move(work), then = std::move(then)]() mutable {
    auto result = [&]() -> JobResult<T> {
      try {
        return JobResult<T>(work());
      } catch (...) {
        return JobResult<T>(std::current_exception());
      }
    }();
    loop.post([then = std::move(then), result]() mutable { then(result); });
  });
}

}  // namespace rappel
