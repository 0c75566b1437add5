// SPDX-License-Identifier: Apache-2.0
#include "base/id.hpp"

#include <sodium.h>

#include "base/ensure.hpp"

namespace rappel {
namespace {

IdBytes mark_version_8(IdBytes bytes) {
  bytes[6] = std::uint8_t((bytes[6] & 0x0f) | 0x80);
  bytes[8] = std::uint8_t((bytes[8] & 0x3f) | 0x80);
  return bytes;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

std::string format_uuid(const IdBytes& bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

std::optional<IdBytes> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  IdBytes bytes{};
  std::size_t at = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) {
      if (text[at++] != '-') return std::nullopt;
    }
    const int high = hex_value(text[at]);
    const int low = hex_value(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[i] = std::uint8_t(high * 16 + low);
    at += 2;
  }
  return bytes;
}

IdBytes random_uuid() {
  IdBytes bytes;
  ensure(sodium_init() >= 0, "libsodium could not start");
  randombytes_buf(bytes.data(), bytes.size());
  return mark_version_8(bytes);
}

IdBytes derived_uuid(std::string_view text) {
  IdBytes bytes;
  crypto_generichash(bytes.data(), bytes.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  return mark_version_8(bytes);
}

}  // namespace rappel
