// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "base/secret.hpp"
#include "store/store.hpp"

// A bearer key reads rpl_<kind>_<8 characters of id>_<43 of secret>_<6 of checksum>. The secret is
// 256 random bits; only its SHA-256 is stored. The checksum refuses mistyped keys without a look-up
// and lets scanners of leaked secrets recognise ours.

namespace rappel::api {

/// A key taken apart; its checksum is right, which says nothing of whether it was ever given out.
struct KeyText {
  std::string kind;  ///< "live", "team" or "test"
  std::string id;
  Secret secret;
};
std::optional<KeyText> parse_key(std::string_view text);

struct MintedKey {
  store::ApiKey row;  ///< for Store::create_key
  Secret text;        ///< to be shown once and forgotten
};
/// A fresh key. `kind` must be "live", "team" or "test".
MintedKey mint_key(TenantId tenant, std::string_view kind, std::string label, Instant now,
                   std::optional<Instant> expires_at = std::nullopt);

/// SHA-256 in lower-case hexadecimal: what is stored of a secret.
std::string hash_of_secret(const Secret& secret);
/// Compares in a time that does not depend on the content.
bool same_hash(std::string_view left, std::string_view right);

}  // namespace rappel::api
