// SPDX-License-Identifier: Apache-2.0
// Several blocking connections behind one notifier, for providers that answer slowly.
//
//   WorkerPool pool({.workers = 4, .send_timeout_ms = setup.send_timeout_ms}, setup.log,
//                   [] { return [handle = Handle()](const rappel_message& message, auto left)
//                   mutable {
//                          return handle.send(message, left); }; });
//   void send(std::vector<Job> jobs) override { pool.put(std::move(jobs)); }
//
// Each worker makes its own sender once, on its own thread. Every job is answered: in time by its
// sender, or as `try_later` when its time is over before its turn comes (nothing has left then), or
// `throttled` when the queue is full, or `unknown` when the sender throws.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <rappel/plugin.hpp>
#include <thread>
#include <utility>
#include <vector>

namespace rappel::plugin {

class WorkerPool {
 public:
  /// Answers for one message within `left`.
  using Send = std::function<Result(const rappel_message&, std::chrono::milliseconds left)>;
  using MakeSend = std::function<Send()>;
  struct Options {
    std::size_t workers = 2;
    std::uint32_t send_timeout_ms = 30'000;
    std::size_t queue_max = 4096;
  };

  WorkerPool(Options options, Setup::Log log, MakeSend make)
      : options_(options), log_(log), make_(std::move(make)) {
    for (std::size_t i = 0; i < options_.workers; ++i)
      threads_.emplace_back([this](const std::stop_token& stop) { run(stop); });
  }
  /// Lets what is being sent finish; what waits is answered `try_later`.
  ~WorkerPool() {
    for (auto& thread : threads_) thread.request_stop();
    threads_.clear();
    for (auto& waiting : queue_)
      waiting.job.ticket.finish({ResultClass::try_later, "the notifier is stopping"});
  }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void put(std::vector<Job> jobs) {
    const auto give_up_at = Clock::now() + patience();
    for (auto& job : jobs) {
      std::unique_lock lock(mutex_);
      if (queue_.size() < options_.queue_max) {
        queue_.push_back({std::move(job), give_up_at});
        changed_.notify_one();
        continue;
      }
      lock.unlock();
      job.ticket.finish({ResultClass::throttled, "the notifier's queue is full"});
    }
  }

 private:
  using Clock = std::chrono::steady_clock;
  struct Waiting {
    Job job;
    Clock::time_point give_up_at;
  };
  static constexpr std::chrono::milliseconds useful_time{500};

  /// A margin below send_timeout, after which the whole process would be ended.
  [[nodiscard]] std::chrono::milliseconds patience() const {
    return std::chrono::milliseconds(options_.send_timeout_ms) * 8 / 10;
  }

  void run(const std::stop_token& stop) {
    const Send send = make_();
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [this] { return !queue_.empty(); }) &&
           !stop.stop_requested()) {
      Waiting waiting = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      answer(send, std::move(waiting));
      lock.lock();
    }
  }

  void answer(const Send& send, Waiting waiting) const {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(waiting.give_up_at - Clock::now());
    if (left < std::min(useful_time, patience() / 2))
      return waiting.job.ticket.finish({ResultClass::try_later, "the provider is too slow"});
    boundary::guarded(log_, [&] { waiting.job.ticket.finish(send(*waiting.job.message, left)); });
  }

  Options options_;
  Setup::Log log_;
  MakeSend make_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Waiting> queue_;
  std::vector<std::jthread> threads_;  // last: they use everything above
};

}  // namespace rappel::plugin
