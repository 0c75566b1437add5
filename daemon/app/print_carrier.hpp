// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/loop.hpp"
#include "dispatch/carrier.hpp"

namespace rappel::app {

/// Delivers everything at once into a list: the carrier of a simulation. Loop thread only.
class PrintCarrier final : public dispatch::Carrier {
 public:
  explicit PrintCarrier(Loop& loop) : loop_(loop) {}

  struct Sent {
    Instant at;
    notify::OutgoingMessage message;
  };
  [[nodiscard]] const std::vector<Sent>& sent() const { return sent_; }

  [[nodiscard]] bool ready(const std::string&) const override { return true; }
  [[nodiscard]] std::size_t window(const std::string&) const override { return window_max; }
  void send(const std::string&, std::vector<notify::OutgoingMessage> messages) override;
  [[nodiscard]] bool can_query(const std::string&) const override { return false; }
  void query(const std::string&, std::vector<notify::StatusQuery>) override {}
  void on_results(OnResults callback) override { on_results_ = std::move(callback); }

 private:
  static constexpr std::size_t window_max = 1'000;

  Loop& loop_;
  OnResults on_results_;
  std::vector<Sent> sent_;
};

}  // namespace rappel::app
