// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

namespace rappel {

Instant SystemClock::now() const {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace rappel
