// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace rappel {

/// Steady time since an origin of its own: for how long, never for when. Any thread.
std::chrono::microseconds steady_now();

}  // namespace rappel
