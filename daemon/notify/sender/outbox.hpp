// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "notify/frame.hpp"

namespace rappel::notify::sender {

/// What the plugin's threads leave for the session to write: answers in batches and log lines. Any
/// thread puts; the session takes, woken by fd(). Answers are bounded by the core's window; log
/// lines beyond their limit are dropped and counted.
class Outbox {
 public:
  static constexpr std::size_t log_lines_max = 256;

  Outbox() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Outbox() { close(fd_); }
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  [[nodiscard]] int fd() const { return fd_; }

  void put(SendResult result, bool is_answer) {
    const std::lock_guard lock(mutex_);
    (is_answer ? answers_ : results_).push_back(std::move(result));
    wake();
  }
  void put(frame::Log line) {
    const std::lock_guard lock(mutex_);
    if (lines_.size() >= log_lines_max) {
      ++lines_dropped_;
      return;
    }
    lines_.push_back(std::move(line));
    wake();
  }
  void wake() const { eventfd_write(fd_, 1); }

  /// Everything left so far, encoded, logs first so that an explanation precedes its result.
  std::string take() {
    eventfd_t unused = 0;
    eventfd_read(fd_, &unused);
    const std::lock_guard lock(mutex_);
    std::string bytes;
    for (auto& line : lines_) bytes += frame::encode(std::move(line));
    if (lines_dropped_ > 0)
      bytes += frame::encode(frame::Log{4, std::to_string(lines_dropped_) + " log lines dropped"});
    for (auto& batch : batches(results_)) bytes += frame::encode(frame::Results{std::move(batch)});
    for (auto& batch : batches(answers_)) bytes += frame::encode(frame::Answers{std::move(batch)});
    lines_.clear();
    lines_dropped_ = 0;
    return bytes;
  }

 private:
  static std::vector<std::vector<SendResult>> batches(std::vector<SendResult>& results) {
    std::vector<std::vector<SendResult>> all;
    for (auto& result : results) {
      if (all.empty() || all.back().size() == frame::batch_count_max) all.emplace_back();
      all.back().push_back(std::move(result));
    }
    results.clear();
    return all;
  }

  int fd_;
  std::mutex mutex_;
  std::vector<SendResult> results_;
  std::vector<SendResult> answers_;
  std::vector<frame::Log> lines_;
  std::size_t lines_dropped_ = 0;
};

}  // namespace rappel::notify::sender
