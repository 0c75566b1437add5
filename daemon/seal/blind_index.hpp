// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "seal/keys.hpp"

namespace rappel::seal {

using IndexBytes = std::array<std::uint8_t, 32>;

/// Finds a citizen by the administration's own reference without keeping the reference in clear: a
/// keyed BLAKE2b of tenant and reference. Without the key nobody can try references out. The first
/// byte is the citizen's shard, for ever: an index key is never changed under living data.
class BlindIndex {
 public:
  explicit BlindIndex(KeyBytes key) : key_(key) {}

  [[nodiscard]] IndexBytes index(TenantId tenant, std::string_view reference) const;
  [[nodiscard]] Shard shard(TenantId tenant, std::string_view reference) const {
    return Shard{index(tenant, reference)[0]};
  }
  [[nodiscard]] std::string proof() const { return proof_of(key_); }

 private:
  KeyBytes key_;
};

/// The two keys that a store needs.
struct Keyring {
  MasterKey master;
  BlindIndex index;

  /// From the content of two credential files. A refusal names the key that is wrong.
  static Expected<Keyring> from(const Secret& master_key, const Secret& index_key);
  /// Fresh keys: for tests and simulations, whose data goes with them.
  static Keyring random();
};

}  // namespace rappel::seal
