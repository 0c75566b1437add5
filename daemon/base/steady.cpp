// SPDX-License-Identifier: Apache-2.0
#include "base/steady.hpp"

namespace rappel {

std::chrono::microseconds steady_now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace rappel
