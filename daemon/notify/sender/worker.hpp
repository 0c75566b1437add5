// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>

#include "notify/frame.hpp"
#include "notify/sender/instance.hpp"

namespace rappel::notify::sender {

/// The one thread that calls the plugin's send and query, so that a plugin which blocks leaves the
/// session free to answer pings. Refuses to hold more batches than the core's window can explain.
class Worker {
 public:
  static constexpr std::size_t batches_max = 65'536;
  using Work = std::variant<std::vector<OutgoingMessage>, std::vector<StatusQuery>>;

  explicit Worker(Instance& instance)
      : instance_(instance), thread_([this](const std::stop_token& stop) { run(stop); }) {}

  /// False when the queue is full: the core does not keep its word.
  bool put(Work work) {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= batches_max) return false;
    queue_.push_back(std::move(work));
    changed_.notify_one();
    return true;
  }

  /// Nothing is queued, nothing is inside the plugin's send, and nothing is in its hands.
  [[nodiscard]] bool is_idle() {
    const std::lock_guard lock(mutex_);
    return queue_.empty() && !is_calling_ && instance_.in_hand() == 0;
  }

 private:
  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [this] { return !queue_.empty(); })) {
      auto work = std::move(queue_.front());
      queue_.pop_front();
      is_calling_ = true;
      lock.unlock();
      hand_over(std::move(work));
      lock.lock();
      is_calling_ = false;
    }
  }

  void hand_over(Work work) {
    if (auto* messages = std::get_if<std::vector<OutgoingMessage>>(&work))
      instance_.send(std::move(*messages));
    else
      instance_.ask(std::move(std::get<std::vector<StatusQuery>>(work)));
  }

  Instance& instance_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Work> queue_;
  bool is_calling_ = false;
  std::jthread thread_;
};

}  // namespace rappel::notify::sender
