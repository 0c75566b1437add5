// SPDX-License-Identifier: Apache-2.0
#include "app/asio_loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace rappel::app {

namespace asio = boost::asio;

struct AsioLoop::State {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard{asio::make_work_guard(io)};
};

AsioLoop::AsioLoop(const Clock& clock) : clock_(clock), state_(std::make_unique<State>()) {}
AsioLoop::~AsioLoop() = default;

std::chrono::microseconds AsioLoop::steady() const {
  return std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

void AsioLoop::post(std::function<void()> work) { asio::post(state_->io, std::move(work)); }

void AsioLoop::after(std::chrono::microseconds delay, std::function<void()> work) {
  // The handler owns its timer: it lives until it fires or the loop is destroyed.
  auto timer = std::make_shared<asio::steady_timer>(state_->io, delay);
  timer->async_wait([timer, work = std::move(work)](const boost::system::error_code& error) {
    if (!error) work();
  });
}

asio::io_context& AsioLoop::io() { return state_->io; }

void AsioLoop::run() { state_->io.run(); }

void AsioLoop::stop() { state_->io.stop(); }

}  // namespace rappel::app
