// SPDX-License-Identifier: Apache-2.0
#include "api/key.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/ensure.hpp"

namespace rappel::api {
namespace {

constexpr std::string_view alphabet =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t id_length = 8;
constexpr std::size_t secret_length = 43;
constexpr std::size_t checksum_length = 6;
constexpr std::size_t prefix_length = 9;  // "rpl_live_": every kind has four letters
constexpr std::size_t key_length =
    prefix_length + id_length + 1 + secret_length + 1 + checksum_length;

bool is_kind(std::string_view kind) {
  return kind == "live" || kind == "team" || kind == "test";
}

/// CRC-32 as in IEEE 802.3.
std::uint32_t crc32(std::string_view text) {
  std::uint32_t crc = 0xffffffff;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
  }
  return ~crc;
}

std::string checksum(std::string_view text) {
  std::string out(checksum_length, alphabet[0]);
  auto rest = crc32(text);
  for (auto place = out.rbegin(); place != out.rend(); ++place, rest /= alphabet.size())
    *place = alphabet[rest % alphabet.size()];
  return out;
}

std::string random_id() {
  std::string out;
  for (std::size_t i = 0; i < id_length; ++i)
    out += alphabet[randombytes_uniform(std::uint32_t(alphabet.size()))];
  return out;
}

std::string random_secret() {
  std::array<unsigned char, 32> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char, secret_length + 1> text{};
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  sodium_memzero(bytes.data(), bytes.size());
  return text.data();
}

bool is_id(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return alphabet.find(c) != std::string_view::npos; });
}

}  // namespace

std::optional<KeyText> parse_key(std::string_view text) {
  if (text.size() != key_length || text.substr(0, 4) != "rpl_" || text[8] != '_')
    return std::nullopt;
  const auto kind = text.substr(4, 4);
  const auto id = text.substr(prefix_length, id_length);
  const auto body = text.substr(0, key_length - checksum_length - 1);
  const bool separated = text[prefix_length + id_length] == '_' && text[body.size()] == '_';
  if (!separated || !is_kind(kind) || !is_id(id) ||
      text.substr(body.size() + 1) != checksum(body))
    return std::nullopt;
  return KeyText{std::string(kind), std::string(id),
                 Secret(std::string(body.substr(prefix_length + id_length + 1)))};
}

MintedKey mint_key(TenantId tenant, std::string_view kind, std::string label, Instant now,
                   std::optional<Instant> expires_at) {
  ensure(is_kind(kind), "a key is live, team or test");
  const auto id = random_id();
  const Secret secret(random_secret());
  MintedKey minted;
  const auto body = fmt::format("rpl_{}_{}_{}", kind, id, secret.reveal());
  minted.text = Secret(body + "_" + checksum(body));
  minted.row.id = id;
  minted.row.tenant = tenant;
  minted.row.label = std::move(label);
  minted.row.kind = std::string(kind);
  minted.row.secret_hash_hex = hash_of_secret(secret);
  minted.row.created_at = now;
  minted.row.expires_at = expires_at;
  return minted;
}

std::string hash_of_secret(const Secret& secret) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest;
  const auto& text = secret.reveal();
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size());
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex;
  sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
  return hex.data();
}

bool same_hash(std::string_view left, std::string_view right) {
  return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace rappel::api
