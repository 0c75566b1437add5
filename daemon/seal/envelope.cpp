// SPDX-License-Identifier: Apache-2.0
#include "seal/envelope.hpp"

#include <sodium.h>

#include "base/ensure.hpp"

namespace rappel::seal {
namespace {

constexpr char format_version = 1;
constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == key_bytes);

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void add_id(std::string& aad, const IdBytes& id) {
  aad.append(reinterpret_cast<const char*>(id.data()), id.size());
}

/// Names of unlike lengths never run into each other: the column's length goes before it.
std::string aad_of(const Place& place) {
  std::string aad = "rappel fact";
  aad += format_version;
  add_id(aad, place.tenant.bytes());
  add_id(aad, place.citizen.bytes());
  ensure(place.column.size() < 256, "a column's name is short");
  aad += char(place.column.size());
  aad += place.column;
  aad += place.row;
  return aad;
}

std::string aad_of_key(TenantId tenant, CitizenId citizen, std::uint32_t epoch) {
  std::string aad = "rappel key";
  aad += format_version;
  add_id(aad, tenant.bytes());
  add_id(aad, citizen.bytes());
  for (int shift = 24; shift >= 0; shift -= 8) aad += char(epoch >> shift);
  return aad;
}

std::string encrypt(const KeyBytes& key, std::string_view clear, std::string_view aad,
                    std::string head) {
  ensure(sodium_init() >= 0, "libsodium could not start");
  const std::size_t nonce_at = head.size();
  const std::size_t body_at = nonce_at + nonce_bytes;
  head.resize(body_at + clear.size() + tag_bytes);
  auto* out = reinterpret_cast<unsigned char*>(head.data());
  randombytes_buf(out + nonce_at, nonce_bytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out + body_at, nullptr, bytes_of(clear), clear.size(),
                                             bytes_of(aad), aad.size(), nullptr, out + nonce_at,
                                             key.data());
  return head;
}

tl::unexpected<Problem> damaged(const char* detail) {
  return refuse(ProblemKind::unavailable, "damaged", detail);
}

/// `body` starts at the nonce.
Expected<std::string> decrypt(const KeyBytes& key, std::string_view body, std::string_view aad) {
  ensure(sodium_init() >= 0, "libsodium could not start");
  if (body.size() < nonce_bytes + tag_bytes) return damaged("a sealed fact is cut short");
  std::string clear(body.size() - nonce_bytes - tag_bytes, '\0');
  const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
      reinterpret_cast<unsigned char*>(clear.data()), nullptr, nullptr,
      bytes_of(body) + nonce_bytes, body.size() - nonce_bytes, bytes_of(aad), aad.size(),
      bytes_of(body), key.data());
  if (opened != 0) return damaged("a sealed fact was changed, moved, or sealed by another key");
  return clear;
}

}  // namespace

std::string seal(const CitizenKey& key, std::string_view clear, const Place& place) {
  return encrypt(key.bytes, clear, aad_of(place), std::string(1, format_version));
}

Expected<std::string> open(const CitizenKey& key, std::string_view sealed, const Place& place) {
  if (sealed.empty() || sealed[0] != format_version)
    return damaged("a sealed fact has an unknown version");
  return decrypt(key.bytes, sealed.substr(1), aad_of(place));
}

std::string wrap(const MasterKey& master, const CitizenKey& key, TenantId tenant,
                 CitizenId citizen) {
  std::string head(1, format_version);
  for (int shift = 24; shift >= 0; shift -= 8) head += char(master.epoch >> shift);
  const std::string_view clear(reinterpret_cast<const char*>(key.bytes.data()), key_bytes);
  return encrypt(master.bytes, clear, aad_of_key(tenant, citizen, master.epoch), std::move(head));
}

Expected<CitizenKey> unwrap(const MasterKey& master, std::string_view wrapped, TenantId tenant,
                            CitizenId citizen) {
  if (wrapped.size() < 5 || wrapped[0] != format_version)
    return damaged("a wrapped key has an unknown version");
  std::uint32_t epoch = 0;
  for (std::size_t i = 1; i < 5; ++i) epoch = epoch << 8 | std::uint8_t(wrapped[i]);
  if (epoch != master.epoch)
    return damaged("a key was wrapped under the master key of another epoch");
  auto clear = decrypt(master.bytes, wrapped.substr(5), aad_of_key(tenant, citizen, epoch));
  if (!clear) return tl::unexpected(clear.error());
  if (clear->size() != key_bytes) return damaged("a wrapped key has a wrong length");
  CitizenKey key{KeyBytes{std::span<const std::uint8_t, key_bytes>(
      reinterpret_cast<const std::uint8_t*>(clear->data()), key_bytes)}};
  sodium_memzero(clear->data(), clear->size());
  return key;
}

}  // namespace rappel::seal
