// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/instant.hpp"

namespace rappel {

/// Where `now` comes from. Read once at the edge (a request, a tick); the instant then travels with
/// the work. Pure code never sees a Clock. Thread rule: implementations may be read from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

/// The machine's own clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
};

/// A clock that only moves when told to; for simulation and tests. One thread.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Instant start) : now_(start) {}
  [[nodiscard]] Instant now() const override { return now_; }
  void set(Instant now) { now_ = now; }

 private:
  Instant now_;
};

}  // namespace rappel
