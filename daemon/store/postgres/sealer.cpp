// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/sealer.hpp"

#include <sodium.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace rappel::store::postgres {
namespace {

std::string from_bytea(const pqxx::field& field) {
  const std::string_view hex(field.c_str(), field.size());
  std::string bytes(hex.size() / 2, '\0');
  std::size_t length = 0;
  if (hex.substr(0, 2) != "\\x" ||
      sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), hex.data() + 2,
                     hex.size() - 2, nullptr, &length, nullptr) != 0)
    throw Damaged("a sealed column is no bytea in hexadecimal form");
  bytes.resize(length);
  return bytes;
}

}  // namespace

std::string to_bytea(std::string_view bytes) {
  std::string hex(2 + 2 * bytes.size() + 1, '\0');
  hex[0] = '\\';
  hex[1] = 'x';
  sodium_bin2hex(hex.data() + 2, hex.size() - 2,
                 reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  hex.pop_back();
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
  return to_bytea(seal::seal(key(whose), clear, {whose.tenant, whose.citizen, column, row}));
}

std::string Sealer::seal(const Whose& whose, std::string_view column, std::string_view row,
                         const boost::json::object& clear) const {
  return seal(whose, column, row, boost::json::serialize(clear));
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
