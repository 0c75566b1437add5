// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <pqxx/pqxx>

#include "seal/blind_index.hpp"
#include "seal/envelope.hpp"
#include "store/store.hpp"

namespace rappel::store::postgres {

/// Whose fact it is.
struct Whose {
  TenantId tenant;
  CitizenId citizen;
};

/// Seals and opens facts for one session: the unwrapped keys live as long as it does. Sealed bytes
/// travel as bytea in hexadecimal form ("\x…").
class Sealer {
 public:
  explicit Sealer(const seal::MasterKey& master) : master_(master) {}

  /// Takes a citizen's wrapped key as read from its row. False when it does not open: sealing and
  /// opening for that citizen then throw Damaged, and nobody else is touched.
  bool learn(const Whose& whose, const pqxx::field& wrapped);
  /// Makes a citizen's key; returns its wrapped form.
  std::string make_key(const Whose& whose);
  [[nodiscard]] bool knows(const Whose& whose) const {
    return keys_.contains({whose.tenant, whose.citizen});
  }

  [[nodiscard]] std::string seal(const Whose& whose, std::string_view column, std::string_view row,
                                 std::string_view clear) const;
  [[nodiscard]] std::string seal(const Whose& whose, std::string_view column, std::string_view row,
                                 const boost::json::object& clear) const;
  /// The sealed bytes themselves.
  [[nodiscard]] std::string seal_bytes(const Whose& whose, std::string_view column,
                                       std::string_view row, std::string_view clear) const;
  [[nodiscard]] std::string seal_bytes(const Whose& whose, std::string_view column,
                                       std::string_view row,
                                       const boost::json::object& clear) const;
  [[nodiscard]] std::string open(const Whose& whose, std::string_view column, std::string_view row,
                                 const pqxx::field& sealed) const;
  [[nodiscard]] boost::json::object open_object(const Whose& whose, std::string_view column,
                                                std::string_view row,
                                                const pqxx::field& sealed) const;

 private:
  [[nodiscard]] const seal::CitizenKey& key(const Whose& whose) const;

  const seal::MasterKey& master_;
  std::map<std::pair<TenantId, CitizenId>, seal::CitizenKey> keys_;
};

std::string to_bytea(std::string_view bytes);

}  // namespace rappel::store::postgres
