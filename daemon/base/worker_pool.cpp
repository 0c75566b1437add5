// SPDX-License-Identifier: Apache-2.0
#include "base/worker_pool.hpp"

#include "base/ensure.hpp"

namespace rappel {

WorkerPool::WorkerPool(Options options) : options_(std::move(options)) {
  ensure(options_.threads > 0, "a worker pool needs a thread");
}

WorkerPool::~WorkerPool() { stop(std::chrono::seconds{5}); }

void WorkerPool::start() {
  const std::lock_guard lock(mutex_);
  ensure(threads_.empty() && !stopping_, "a worker pool starts once");
  for (std::size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { work(); });
}

bool WorkerPool::submit(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || queue_.size() >= options_.queue_jobs_max) return false;
    queue_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

void WorkerPool::stop(std::chrono::milliseconds grace) {
  std::vector<std::thread> threads;
  {
    std::unique_lock lock(mutex_);
    idle_.wait_for(lock, grace, [this] { return queue_.empty() && busy_ == 0; });
    stopping_ = true;
    queue_.clear();
    threads.swap(threads_);
  }
  wake_.notify_all();
  for (auto& thread : threads) thread.join();
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    auto job = std::move(queue_.front());
    queue_.pop_front();
    ++busy_;
    lock.unlock();
    job();
    lock.lock();
    --busy_;
    if (queue_.empty() && busy_ == 0) idle_.notify_all();
  }
}

}  // namespace rappel
