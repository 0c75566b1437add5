// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/loop.hpp"

namespace boost::asio {
class io_context;
}

namespace rappel::app {

/// The daemon's loop: one thread over Asio, which also carries the senders' sockets. A piece of work
/// that throws stops the daemon (the fifth named place, `main`, reports it).
class AsioLoop final : public Loop {
 public:
  explicit AsioLoop(const Clock& clock);
  ~AsioLoop() override;

  [[nodiscard]] Instant now() const override { return clock_.now(); }
  [[nodiscard]] std::chrono::microseconds steady() const override;
  void post(std::function<void()> work) override;
  void after(std::chrono::microseconds delay, std::function<void()> work) override;

  [[nodiscard]] boost::asio::io_context& io();
  /// Runs on the calling thread until stop().
  void run();
  /// Any thread.
  void stop();

 private:
  struct State;
  const Clock& clock_;
  std::unique_ptr<State> state_;
};

}  // namespace rappel::app
