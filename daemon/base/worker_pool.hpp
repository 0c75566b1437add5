// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/loop.hpp"
#include "base/service.hpp"

namespace rappel {

/// A fixed number of threads over one bounded queue. stop() runs what is queued, within the grace.
class WorkerPool final : public Jobs, public Service {
 public:
  struct Options {
    std::string name = "db";
    std::size_t threads = 4;
    std::size_t queue_jobs_max = 4096;
  };
  explicit WorkerPool(Options options);
  ~WorkerPool() override;

  [[nodiscard]] std::string_view name() const override { return options_.name; }
  void start() override;
  void stop(std::chrono::milliseconds grace) override;
  [[nodiscard]] bool submit(std::function<void()> job) override;

 private:
  void work();

  Options options_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable idle_;
  std::deque<std::function<void()>> queue_;
  std::vector<std::thread> threads_;
  std::size_t busy_ = 0;
  bool stopping_ = false;
};

/// Jobs run on the spot, on the caller's thread; for simulation and tests.
class InlineJobs final : public Jobs {
 public:
  [[nodiscard]] bool submit(std::function<void()> job) override {
    job();
    return true;
  }
};

}  // namespace rappel
