// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/migrator.hpp"

#include <sodium.h>

#include <array>
#include <map>
#include <pqxx/pqxx>

#include "schema/sql.hpp"
#include "store/postgres/pool.hpp"
#include "store/postgres/session.hpp"

namespace rappel::store {

using namespace postgres;

namespace {

constexpr int months_before = 1;
constexpr int months_after = 24;
/// How long one migrator waits for another.
constexpr std::chrono::milliseconds lock_wait_max{60'000};

struct Applied {
  std::string name;
  std::string sha256;
};

std::string sha256_of(const std::string& text) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest;
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size());
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex;
  sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
  return hex.data();
}

std::string message_of(const std::exception& error) {
  std::string text = error.what();
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::map<int, Applied> read_applied(pqxx::work& work) {
  std::map<int, Applied> applied;
  for (const auto& row : work.exec(sql::applied_migrations))
    applied[row["number"].as<int>()] = {row["name"].c_str(), row["sha256"].c_str()};
  return applied;
}

bool table_exists(pqxx::work& work) {
  return work.exec(sql::migration_table_exists).at(0)[0].as<bool>();
}

/// Two migrators may both find no table; "if not exists" does not save the second from an error.
void create_table(pqxx::connection& connection) {
  for (int tries = 1;; ++tries) {
    try {
      pqxx::work work(connection);
      if (!table_exists(work)) {
        work.exec(sql::create_schema);
        work.exec(sql::create_migration_table);
        work.commit();
      }
      return;
    } catch (const pqxx::sql_error&) {
      if (tries == tries_max) throw;
    }
  }
}

Expected<void> check(const std::map<int, Applied>& applied,
                     const std::vector<Migration>& migrations) {
  std::map<int, const Migration*> known;
  for (const auto& migration : migrations) known[migration.number] = &migration;
  for (const auto& [number, row] : applied) {
    const auto found = known.find(number);
    if (found == known.end())
      return refuse(ProblemKind::conflict, "migration_unknown",
                    "the database has migration " + row.name + ", which this program does not know",
                    "", "run the version of Rappel that applied it, or a later one");
    if (sha256_of(found->second->text) != row.sha256)
      return refuse(ProblemKind::conflict, "migration_edited",
                    "migration " + row.name + " was edited after it was applied", "",
                    "restore the file, and put the change into a new migration");
  }
  return {};
}

void begin_migration(pqxx::work& work) {
  work.exec_params(sql::migration_search_path, std::to_string(lock_wait_max.count()));
  work.exec(sql::lock_migrations);
}

/// True when this call applied the file, false when it was applied before.
Expected<bool> apply(pqxx::connection& connection, const Migration& migration,
                     const std::vector<Migration>& all, Instant now) {
  pqxx::work work(connection);
  begin_migration(work);
  const auto applied = read_applied(work);
  if (auto checked = check(applied, all); !checked) return tl::unexpected(checked.error());
  if (applied.contains(migration.number)) return false;
  try {
    work.exec(migration.text);
    work.exec(sql::reset_role);
    work.exec_params(sql::record_migration, migration.number, migration.name,
                     sha256_of(migration.text), to_rfc3339(now));
    work.commit();
  } catch (const pqxx::sql_error& error) {
    return refuse(ProblemKind::conflict, "migration_failed",
                  "migration " + migration.name + " failed and was undone: " + message_of(error));
  }
  return true;
}

void prepare_months(pqxx::connection& connection, Instant now) {
  pqxx::work work(connection);
  begin_migration(work);
  const CivilDate today{std::chrono::floor<std::chrono::days>(now)};
  const auto first = today.year() / today.month();
  for (int month = -months_before; month <= months_after; ++month) {
    const std::chrono::sys_days day{(first + std::chrono::months{month}) / std::chrono::day{1}};
    work.exec_params(sql::prepare_month, to_rfc3339(Instant{day}));
  }
  work.commit();
}

}  // namespace

std::vector<Migration> own_migrations() {
  std::vector<Migration> migrations;
  for (const auto& each : sql::migrations) migrations.push_back({each.number, each.name, each.text});
  return migrations;
}

Expected<std::vector<std::string>> migrate(const PostgresOptions& options, Instant now) {
  auto applied = migrate(options, now, own_migrations());
  if (!applied) return applied;
  Pool pool(options);
  auto checkout = pool.checkout(Pool::Use::brief);
  try {
    prepare_months(checkout.connection(), now);
  } catch (...) {
    rethrow_translated();
  }
  return applied;
}

Expected<std::vector<std::string>> migrate(const PostgresOptions& options, Instant now,
                                           const std::vector<Migration>& migrations) {
  Pool pool(options);
  auto checkout = pool.checkout(Pool::Use::brief);
  std::vector<std::string> names;
  try {
    create_table(checkout.connection());
    for (const auto& migration : migrations) {
      const auto applied = apply(checkout.connection(), migration, migrations, now);
      if (!applied) return tl::unexpected(applied.error());
      if (*applied) names.push_back(migration.name);
    }
  } catch (...) {
    rethrow_translated();
  }
  return names;
}

MigrationStatus migration_status(const PostgresOptions& options) {
  Pool pool(options);
  auto checkout = pool.checkout(Pool::Use::brief);
  MigrationStatus status;
  status.known = own_migrations().back().number;
  try {
    pqxx::work work(checkout.connection());
    if (!table_exists(work)) return status;
    const auto applied = read_applied(work);
    if (!applied.empty()) status.applied = applied.rbegin()->first;
  } catch (...) {
    rethrow_translated();
  }
  return status;
}

}  // namespace rappel::store
