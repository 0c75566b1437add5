// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/loop.hpp"

namespace rappel {

/// Tells the time of a loop, for what must follow a virtual one.
class LoopClock final : public Clock {
 public:
  explicit LoopClock(const Loop& loop) : loop_(loop) {}
  [[nodiscard]] Instant now() const override { return loop_.now(); }

 private:
  const Loop& loop_;
};

}  // namespace rappel
