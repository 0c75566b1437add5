// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/postgres/rows.hpp"
#include "store/postgres/session.hpp"

// Columns of many rows as PostgreSQL arrays, and the answers to questions about many things at once.

namespace rappel::store::postgres {

/// A PostgreSQL array literal that grows by one element at a time.
class ArrayLiteral {
 public:
  void add(std::string_view element);
  void add_null();
  [[nodiscard]] std::string finished() const { return "{" + text_ + "}"; }

 private:
  void separate();
  std::string text_;
};

std::string text_array(std::span<const std::string> elements);

/// For each index of `indexes`, the id of the row that has it. `rows` as find_citizens gives them.
std::vector<std::optional<CitizenId>> matched(std::span<const std::string> indexes,
                                              const pqxx::result& rows);
/// For each citizen the count of its row, else 0. `rows` as count_waiting gives them.
std::vector<std::size_t> counted(std::span<const CitizenId> ids, const pqxx::result& rows);

/// The parameters of insert_scheduled. The sealer must know the citizens' keys.
class ScheduledColumns {
 public:
  void add(const Sealer& sealer, TenantId tenant, const Reminder& reminder);
  void insert(Session& session, Shard shard, TenantId tenant) const;

 private:
  ArrayLiteral id_, due_at_, citizen_, stage_, message_, topic_, lane_, next_at_, expires_at_, due_on_,
      channels_, values_;
};

}  // namespace rappel::store::postgres
