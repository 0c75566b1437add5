// SPDX-License-Identifier: Apache-2.0
#include "seal/keys.hpp"

#include <sodium.h>

#include <algorithm>

#include "base/ensure.hpp"

namespace rappel::seal {

KeyBytes::KeyBytes(std::span<const std::uint8_t, key_bytes> bytes) {
  std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

KeyBytes::~KeyBytes() { sodium_memzero(bytes_.data(), bytes_.size()); }

KeyBytes KeyBytes::random() {
  ensure(sodium_init() >= 0, "libsodium could not start");
  std::array<std::uint8_t, key_bytes> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  const KeyBytes key{bytes};
  sodium_memzero(bytes.data(), bytes.size());
  return key;
}

Expected<KeyBytes> KeyBytes::from(const Secret& secret, const std::string& name) {
  const std::string& text = secret.reveal();
  std::array<std::uint8_t, key_bytes> bytes{};
  std::size_t length = 0;
  const bool hex = text.size() == 2 * key_bytes &&
                   sodium_hex2bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr,
                                  &length, nullptr) == 0 &&
                   length == key_bytes;
  if (!hex) {
    // Reading a secret file takes its last newline away, which may have been the key's last byte.
    const bool raw = text.size() == key_bytes || text.size() == key_bytes - 1;
    if (!raw) {
      return refuse(ProblemKind::invalid, "bad_key",
                    "the " + name + " must be 64 hexadecimal digits or 32 raw bytes", "",
                    "make one with: openssl rand -hex 32");
    }
    bytes.fill('\n');
    std::copy(text.begin(), text.end(), bytes.begin());
  }
  KeyBytes key{bytes};
  sodium_memzero(bytes.data(), bytes.size());
  return key;
}

std::string proof_of(const KeyBytes& key) {
  constexpr std::string_view text = "rappel: the same key as before";
  std::string proof(32, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(proof.data()), proof.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), key.data(),
                     key_bytes);
  return proof;
}

Secret generate_key_hex() {
  const KeyBytes key = KeyBytes::random();
  std::string hex(2 * key_bytes + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), key.data(), key_bytes);
  hex.pop_back();
  return Secret{std::move(hex)};
}

}  // namespace rappel::seal
