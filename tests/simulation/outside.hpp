// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "dispatch/carrier.hpp"
#include "simulation/chance.hpp"
#include "simulation/faults.hpp"
#include "simulation/timeline.hpp"
#include "simulation/witness.hpp"

// The world outside of the daemon: providers, which outlive every crash, and the senders of one
// daemon, which die with it.

namespace rappel::simulation {

/// All providers. Remembers what truly arrived.
class Providers {
 public:
  struct Reply {
    notify::ResultClass result = notify::ResultClass::accepted;
    std::chrono::microseconds after{0};
    std::optional<std::chrono::seconds> retry_after;
  };

  Providers(Timeline& timeline, Faults& faults, std::uint64_t seed)
      : timeline_(timeline), faults_(faults), chance_(seed) {}

  Reply send(const std::string& notifier, const notify::OutgoingMessage& message);
  Reply ask(const notify::StatusQuery& query);
  /// Until then a provider takes nothing.
  void fall_ill(const std::string& notifier, Instant until) { ill_until_[notifier] = until; }
  /// Copies beyond the first that a citizen really got of one message, by any way.
  [[nodiscard]] std::uint64_t copies() const { return copies_; }

 private:
  [[nodiscard]] Reply refusal();

  Timeline& timeline_;
  Faults& faults_;
  Chance chance_;
  std::map<std::string, Instant> ill_until_;
  std::unordered_map<std::string, int> arrived_;  ///< by idempotency key
  std::uint64_t copies_ = 0;
};

/// The senders of one daemon.
class Senders final : public dispatch::Carrier {
 public:
  Senders(Timeline& timeline, ProcessRef process, Providers& providers, Faults& faults,
          Witness& witness)
      : timeline_(timeline), process_(std::move(process)), providers_(providers), faults_(faults),
        witness_(witness) {}

  [[nodiscard]] bool ready(const std::string& notifier) const override;
  [[nodiscard]] std::size_t window(const std::string& notifier) const override;
  void send(const std::string& notifier, std::vector<notify::OutgoingMessage> messages) override;
  [[nodiscard]] bool can_query(const std::string& notifier) const override;
  void query(const std::string& notifier, std::vector<notify::StatusQuery> queries) override;
  void on_results(OnResults callback) override { on_results_ = std::move(callback); }

  /// The sender dies with what it holds, and is there again after a while.
  void die(const std::string& notifier);
  std::function<void(const std::string&)> on_ready;

 private:
  struct Held {
    DeliveryId delivery;
    std::uint32_t attempt = 0;
  };
  void expect(const std::string& notifier, DeliveryId delivery, std::uint32_t attempt,
              const Providers::Reply& reply);
  void answer(const std::string& notifier, std::uint64_t number, notify::SendResult result);

  static constexpr std::size_t window_max = 4;  ///< small, so that lanes fill
  Timeline& timeline_;
  ProcessRef process_;
  Providers& providers_;
  Faults& faults_;
  Witness& witness_;
  OnResults on_results_;
  std::map<std::string, std::map<std::uint64_t, Held>> held_;  ///< by the number of the hand-over
  std::set<std::string> away_;
  std::uint64_t numbers_ = 0;
};

}  // namespace rappel::simulation
