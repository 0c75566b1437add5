// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string_view>

namespace rappel {

/// The one contract of everything that runs. start() returns when the service works or throws;
/// stop() drains and returns within `grace`, may be called twice and from any thread; a stopped
/// service is not started again. app/ starts services in order and stops them in reverse.
class Service {
 public:
  virtual ~Service() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  virtual void start() = 0;
  virtual void stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace rappel
