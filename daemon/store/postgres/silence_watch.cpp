// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/silence_watch.hpp"

#include <sys/socket.h>

#include "base/steady.hpp"

namespace rappel::store::postgres {

SilenceWatch::SilenceWatch(std::chrono::milliseconds limit)
    : limit_(limit), thread_([this] { look(); }) {}

SilenceWatch::~SilenceWatch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

SilenceWatch::Wait SilenceWatch::begin(int socket) {
  const std::lock_guard lock(mutex_);
  const auto number = next_++;
  waits_.emplace_hint(waits_.end(), number,
                      Waiting{socket, steady_now() + limit_});
  return {*this, number};
}

void SilenceWatch::end(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  waits_.erase(number);
}

/// Looks from time to time rather than at each end: a wait costs no thread a wake-up.
void SilenceWatch::look() {
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, look_interval, [this] { return stopping_; })) {
    const auto now = steady_now();
    while (!waits_.empty() && waits_.begin()->second.until <= now) {
      ::shutdown(waits_.begin()->second.socket, SHUT_RDWR);
      waits_.erase(waits_.begin());
    }
  }
}

}  // namespace rappel::store::postgres
