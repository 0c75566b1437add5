// SPDX-License-Identifier: Apache-2.0
#include "app/print_carrier.hpp"

namespace rappel::app {

void PrintCarrier::send(const std::string&, std::vector<notify::OutgoingMessage> messages) {
  std::vector<notify::SendResult> results;
  for (auto& message : messages) {
    notify::SendResult result;
    result.delivery = message.delivery;
    result.attempt = message.attempt;
    result.result = notify::ResultClass::delivered;
    results.push_back(std::move(result));
    sent_.push_back({loop_.now(), std::move(message)});
  }
  loop_.post([this, results = std::move(results)] { on_results_(results); });
}

}  // namespace rappel::app
