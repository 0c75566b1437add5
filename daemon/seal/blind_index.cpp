// SPDX-License-Identifier: Apache-2.0
#include "seal/blind_index.hpp"

#include <sodium.h>

#include "base/ensure.hpp"

namespace rappel::seal {

IndexBytes BlindIndex::index(TenantId tenant, std::string_view reference) const {
  ensure(sodium_init() >= 0, "libsodium could not start");
  IndexBytes digest;
  crypto_generichash_state state;
  crypto_generichash_init(&state, key_.data(), key_bytes, digest.size());
  crypto_generichash_update(&state, tenant.bytes().data(), tenant.bytes().size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(reference.data()),
                            reference.size());
  crypto_generichash_final(&state, digest.data(), digest.size());
  sodium_memzero(&state, sizeof state);
  return digest;
}

Expected<Keyring> Keyring::from(const Secret& master_key, const Secret& index_key) {
  const auto master = KeyBytes::from(master_key, "master key");
  if (!master) return tl::unexpected(master.error());
  const auto index = KeyBytes::from(index_key, "index key");
  if (!index) return tl::unexpected(index.error());
  return Keyring{MasterKey{*master}, BlindIndex{*index}};
}

Keyring Keyring::random() {
  return Keyring{MasterKey{KeyBytes::random()}, BlindIndex{KeyBytes::random()}};
}

}  // namespace rappel::seal
