// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "store/postgres/sealer.hpp"

// Rows of PostgreSQL to nouns, and the rarer nouns to the JSON objects that a batch statement reads with
// json_to_recordset (the others travel as columns: column.hpp). Reading is by column name; `prefix` is
// set where a join brings two tables.

namespace rappel::store::postgres {

Instant instant_of(const pqxx::field& field);
std::optional<Instant> optional_instant(const pqxx::field& field);
IdBytes id_bytes(const pqxx::field& field);
template <typename IdType>
IdType id_of(const pqxx::field& field) {
  return IdType{id_bytes(field)};
}

Tenant read_tenant(const pqxx::row& row);
ApiKey read_key(const pqxx::row& row);
Citizen read_citizen(const Sealer& sealer, const Whose& whose, const pqxx::row& row,
                     const std::string& prefix = "");
/// The rows of select_citizens; their keys are learnt on the way.
std::vector<Citizen> read_citizens(Sealer& sealer, TenantId tenant, const pqxx::result& rows);
Event read_event(const Sealer& sealer, TenantId tenant, const pqxx::row& row);
Deadline read_deadline(const Sealer& sealer, const Whose& whose, const pqxx::row& row,
                       const std::string& prefix = "");
/// Without its sealed facts.
Reminder read_clear_reminder(const pqxx::row& row);
Reminder read_reminder(const Sealer& sealer, TenantId tenant, const pqxx::row& row);
Delivery read_delivery(const Sealer& sealer, TenantId tenant, const pqxx::row& row);
InboxMessage read_inbox_message(const Sealer& sealer, TenantId tenant, const pqxx::row& row);
Task read_task(const Sealer& sealer, TenantId tenant, const pqxx::row& row);

boost::json::object row_of(const Sealer& sealer, TenantId tenant, const InboxMessage& message);
boost::json::object row_of(const Sealer& sealer, TenantId tenant, const Task& task);

boost::json::value value_of(const std::optional<Instant>& instant);

/// A PostgreSQL array literal of uuids.
template <typename Ids>
std::string uuid_array(const Ids& ids) {
  std::string literal = "{";
  for (const auto& id : ids) {
    if (literal.size() > 1) literal += ',';
    literal += id.to_string();
  }
  return literal + "}";
}

}  // namespace rappel::store::postgres
