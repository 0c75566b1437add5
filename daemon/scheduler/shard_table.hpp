// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <vector>

#include "store/store.hpp"

namespace rappel::scheduler {

/// What a node knows of each shard: its lease, until when it may trust it, and how far the shard's
/// work has been loaded. Loop thread only.
struct OwnedShard {
  store::Lease lease;
  std::chrono::microseconds trusted_until{};  ///< steady time
  Instant loaded_until = Instant::min();
  std::size_t page_rows = 0;  ///< grows when many rows share one instant
  /// Since when it is being handed over (steady time).
  std::optional<std::chrono::microseconds> leaving_since;
  std::uint64_t load_round = 0;  ///< an answer of an older round is not wanted any more
  bool recovered = false;
  bool loading = false;
};

class ShardTable {
 public:
  [[nodiscard]] OwnedShard* find(Shard shard) {
    auto& entry = entries_[shard.number];
    return entry ? &*entry : nullptr;
  }
  [[nodiscard]] const OwnedShard* find(Shard shard) const {
    const auto& entry = entries_[shard.number];
    return entry ? &*entry : nullptr;
  }
  void put(const OwnedShard& owned) { entries_[owned.lease.shard.number] = owned; }
  void erase(Shard shard) { entries_[shard.number].reset(); }

  [[nodiscard]] std::vector<store::Lease> leases() const {
    std::vector<store::Lease> held;
    for (const auto& entry : entries_) {
      if (entry) held.push_back(entry->lease);
    }
    return held;
  }

 private:
  std::array<std::optional<OwnedShard>, shard_count> entries_;
};

}  // namespace rappel::scheduler
