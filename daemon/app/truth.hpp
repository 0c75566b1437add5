// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "app/config.hpp"
#include "store/store.hpp"

namespace rappel::app {

/// Who opens the store: the daemon, which holds the state directory and may migrate as configured, or
/// rappelctl, which also works beside a running daemon and then leaves its PostgreSQL alone.
enum class Opener { daemon, visitor };

/// The open store of a configuration: the configured PostgreSQL, or the embedded one, which is started
/// when it does not run yet and stopped with this object if it was started by it. Applies
/// migrations when the configuration allows. Throws std::runtime_error with what keeps it shut.
class Truth {
 public:
  explicit Truth(const Config& config, Opener opener = Opener::visitor);
  ~Truth();
  Truth(const Truth&) = delete;
  Truth& operator=(const Truth&) = delete;

  /// Starts the embedded PostgreSQL again when it has ended by itself, and tells whether it had. Throws
  /// std::runtime_error when it does not start. One thread at a time.
  bool revive();

  [[nodiscard]] store::Store& store() const;
  /// The same truth over connections of its own: for leases and readiness, which must not wait behind
  /// work.
  [[nodiscard]] store::Store& control() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rappel::app
