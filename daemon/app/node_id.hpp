// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/id.hpp"

namespace rappel::app {

/// The lasting name of this node, kept in its state directory, and the lock that makes it the only
/// process with that name. A daemon that comes back after a crash may then take its own leases at
/// once, under a new epoch.
class NodeIdentity {
 public:
  /// Makes the folder and the id when they are missing. Throws std::runtime_error when another
  /// daemon holds the folder.
  explicit NodeIdentity(const std::string& state_directory);
  ~NodeIdentity();
  NodeIdentity(const NodeIdentity&) = delete;
  NodeIdentity& operator=(const NodeIdentity&) = delete;

  [[nodiscard]] NodeId id() const { return id_; }

 private:
  int lock_ = -1;
  NodeId id_;
};

}  // namespace rappel::app
