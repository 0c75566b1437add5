// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/sealer.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace rappel::store::postgres {
namespace {

/// Hexadecimal digits by their values and back: sealed bytes are no secret, so a table may be used where
/// libsodium takes the same time for every byte.
constexpr std::string_view digits = "0123456789abcdef";
constexpr std::uint8_t no_digit = 0xff;
constexpr auto values = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(no_digit);
  for (std::size_t i = 0; i < digits.size(); ++i) table[std::uint8_t(digits[i])] = std::uint8_t(i);
  return table;
}();

std::string from_bytea(const pqxx::field& field) {
  const std::string_view text(field.c_str(), field.size());
  if (text.size() % 2 != 0 || text.substr(0, 2) != "\\x")
    throw Damaged("a sealed column is no bytea in hexadecimal form");
  std::string bytes(text.size() / 2 - 1, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto high = values[std::uint8_t(text[2 + 2 * i])];
    const auto low = values[std::uint8_t(text[3 + 2 * i])];
    if ((high | low) == no_digit) throw Damaged("a sealed column is no bytea in hexadecimal form");
    bytes[i] = char(high << 4 | low);
  }
  return bytes;
}

}  // namespace

std::string to_bytea(std::string_view bytes) {
  std::string hex = "\\x";
  hex.reserve(2 + 2 * bytes.size());
  for (const char byte : bytes) {
    hex += digits[std::uint8_t(byte) >> 4];
    hex += digits[std::uint8_t(byte) & 0xf];
  }
  return hex;
}

bool Sealer::learn(const Whose& whose, const pqxx::field& wrapped) {
  if (knows(whose)) return true;
  const auto key = seal::unwrap(master_, from_bytea(wrapped), whose.tenant, whose.citizen);
  if (key) keys_.emplace(std::pair{whose.tenant, whose.citizen}, *key);
  return key.has_value();
}

std::string Sealer::make_key(const Whose& whose) {
  const auto key = seal::CitizenKey::random();
  keys_.insert_or_assign({whose.tenant, whose.citizen}, key);
  return to_bytea(seal::wrap(master_, key, whose.tenant, whose.citizen));
}

const seal::CitizenKey& Sealer::key(const Whose& whose) const {
  const auto found = keys_.find({whose.tenant, whose.citizen});
  if (found == keys_.end()) throw Damaged("no key of this citizen opens");
  return found->second;
}

std::string Sealer::seal(const Whose& whose, std::string_view column, std::string_view row,
                         std::string_view clear) const {
  return to_bytea(seal_bytes(whose, column, row, clear));
}

std::string Sealer::seal(const Whose& whose, std::string_view column, std::string_view row,
                         const boost::json::object& clear) const {
  return seal(whose, column, row, boost::json::serialize(clear));
}

std::string Sealer::seal_bytes(const Whose& whose, std::string_view column, std::string_view row,
                               std::string_view clear) const {
  return seal::seal(key(whose), clear, {whose.tenant, whose.citizen, column, row});
}

std::string Sealer::seal_bytes(const Whose& whose, std::string_view column, std::string_view row,
                               const boost::json::object& clear) const {
  return seal_bytes(whose, column, row, std::string_view(boost::json::serialize(clear)));
}

std::string Sealer::open(const Whose& whose, std::string_view column, std::string_view row,
                         const pqxx::field& sealed) const {
  auto clear = seal::open(key(whose), from_bytea(sealed),
                          {whose.tenant, whose.citizen, column, row});
  if (!clear) throw Damaged(std::string(column) + ": " + clear.error().detail);
  return std::move(*clear);
}

boost::json::object Sealer::open_object(const Whose& whose, std::string_view column,
                                        std::string_view row, const pqxx::field& sealed) const {
  boost::json::parse_options options;
  options.max_depth = 64;
  auto value = boost::json::parse(open(whose, column, row, sealed), {}, options);
  if (!value.is_object()) throw Damaged(std::string(column) + " holds no object");
  return std::move(value.as_object());
}

}  // namespace rappel::store::postgres
