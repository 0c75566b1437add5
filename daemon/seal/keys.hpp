// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "base/problem.hpp"
#include "base/secret.hpp"

// The keys of sealing. Each is 32 bytes in memory that is wiped when the object goes. Thread rule:
// immutable values, any thread.

namespace rappel::seal {

inline constexpr std::size_t key_bytes = 32;

/// 32 bytes that are wiped. The base of every key; never printed, never compared.
class KeyBytes {
 public:
  explicit KeyBytes(std::span<const std::uint8_t, key_bytes> bytes);
  KeyBytes(const KeyBytes&) = default;
  KeyBytes& operator=(const KeyBytes&) = default;
  ~KeyBytes();

  [[nodiscard]] const std::uint8_t* data() const { return bytes_.data(); }

  static KeyBytes random();
  /// 64 hexadecimal digits, or 32 raw bytes. `name` stands in the refusal ("master key").
  static Expected<KeyBytes> from(const Secret& secret, const std::string& name);

 private:
  std::array<std::uint8_t, key_bytes> bytes_;
};

/// Wraps the citizens' keys. Its epoch stands in every wrapped key, so that all keys can be wrapped
/// anew under a successor and the predecessor destroyed.
struct MasterKey {
  KeyBytes bytes;
  std::uint32_t epoch = 1;
};

/// Seals one citizen's personal facts. Destroying its last wrapped form erases them all.
struct CitizenKey {
  KeyBytes bytes;
  static CitizenKey random() { return {KeyBytes::random()}; }
};

/// What shows that a key is the same as before without telling it: a keyed BLAKE2b of a fixed text, 32
/// bytes.
std::string proof_of(const KeyBytes& key);

/// A fresh key as 64 hexadecimal digits, to be written to a credential file.
Secret generate_key_hex();

}  // namespace rappel::seal
