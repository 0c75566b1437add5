// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "app/config.hpp"
#include "dispatch/carrier.hpp"
#include "notify/sender_link.hpp"

namespace rappel::app {

/// The pool of sender processes as dispatch sees it. Loop thread only.
class PoolCarrier final : public dispatch::Carrier {
 public:
  PoolCarrier(boost::asio::io_context& io, const Config& config,
              std::function<void(const std::string&, bool)> on_state);

  void start() { pool_.start(); }
  void stop(std::chrono::milliseconds grace, std::function<void()> stopped) {
    pool_.stop(grace, std::move(stopped));
  }
  [[nodiscard]] std::vector<notify::NotifierStatus> status() const { return pool_.status(); }

  [[nodiscard]] bool ready(const std::string& notifier) const override {
    return pool_.is_ready(notifier);
  }
  [[nodiscard]] std::size_t window(const std::string& notifier) const override {
    return pool_.room(notifier);
  }
  void send(const std::string& notifier, std::vector<notify::OutgoingMessage> messages) override;
  [[nodiscard]] bool can_query(const std::string& notifier) const override {
    return pool_.can_query(notifier);
  }
  void query(const std::string& notifier, std::vector<notify::StatusQuery> queries) override;
  void on_results(OnResults callback) override { on_results_ = std::move(callback); }

 private:
  OnResults on_results_;
  notify::SenderPool pool_;
};

}  // namespace rappel::app
