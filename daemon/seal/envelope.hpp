// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/id.hpp"
#include "seal/keys.hpp"

// Envelope encryption: XChaCha20-Poly1305 (IETF) with a random nonce. A sealed fact opens only in the
// place it was sealed for: tenant, citizen, column and row are authenticated with it, so that a row
// copied onto another one reads as damaged and not as somebody else's fact. Pure, any thread.
//
//   const CitizenKey key = CitizenKey::random();
//   const std::string blob = seal(key, "{\"city\":\"Lyon\"}", {tenant, citizen, "event.data", id});
//   const Expected<std::string> clear = open(key, blob, {tenant, citizen, "event.data", id});

namespace rappel::seal {

/// Where a sealed fact stands.
struct Place {
  TenantId tenant;
  CitizenId citizen;
  std::string_view column;  ///< "table.column"
  std::string_view row;     ///< the row's id, as text
};

/// version (1 byte) | nonce (24) | cipher text | tag (16).
std::string seal(const CitizenKey& key, std::string_view clear, const Place& place);

/// The clear text; a Problem "damaged" when the blob was changed, cut, moved or sealed by another key.
Expected<std::string> open(const CitizenKey& key, std::string_view sealed, const Place& place);

/// version (1 byte) | master epoch (4, big endian) | nonce | wrapped key | tag.
std::string wrap(const MasterKey& master, const CitizenKey& key, TenantId tenant,
                 CitizenId citizen);

/// The citizen's key; a Problem when it was wrapped for somebody else, under another epoch's master
/// key, or was changed.
Expected<CitizenKey> unwrap(const MasterKey& master, std::string_view wrapped, TenantId tenant,
                            CitizenId citizen);

}  // namespace rappel::seal
