// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "notify/message.hpp"

namespace rappel::dispatch {

/// What dispatch needs of the world outside: somebody who carries messages. The daemon adapts the
/// pool of sender processes to it, a simulation scripts one. Loop thread only.
class Carrier {
 public:
  using OnResults = std::function<void(std::vector<notify::SendResult>)>;

  virtual ~Carrier() = default;
  /// Its sender is connected and has its configuration.
  [[nodiscard]] virtual bool ready(const std::string& notifier) const = 0;
  /// How many more messages the notifier takes now; 0 while its sender is not ready.
  [[nodiscard]] virtual std::size_t window(const std::string& notifier) const = 0;
  /// Each message comes back exactly once through the callback given to on_results(), be it as
  /// unknown when the sender died with it in hand.
  virtual void send(const std::string& notifier,
                    std::vector<notify::OutgoingMessage> messages) = 0;
  /// Whether its provider can be asked what became of a message.
  [[nodiscard]] virtual bool can_query(const std::string& notifier) const = 0;
  virtual void query(const std::string& notifier, std::vector<notify::StatusQuery> queries) = 0;
  virtual void on_results(OnResults callback) = 0;
};

}  // namespace rappel::dispatch
