// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/problem.hpp"
#include "store/postgres/postgres_store.hpp"

namespace rappel::store {

/// One file of schema/migrations.
struct Migration {
  int number = 0;
  std::string name;
  std::string text;
};

/// The migrations that this program was built with, in order.
std::vector<Migration> own_migrations();

struct MigrationStatus {
  int applied = 0;  ///< the highest number the database has
  int known = 0;    ///< the highest number this program has
};

/// Brings the schema up to this program: each file in a transaction of its own, one migrator at a
/// time, and prepares the partitions of the month before `now` to 24 months after.
/// Refuses, without changing anything, when an applied file was edited since (`migration_edited`),
/// when the database is newer than this program (`migration_unknown`), and when a file fails
/// (`migration_failed`). Throws StoreUnavailable. Returns the names of the files it applied.
Expected<std::vector<std::string>> migrate(const PostgresOptions& options, Instant now);
Expected<std::vector<std::string>> migrate(const PostgresOptions& options, Instant now,
                                           const std::vector<Migration>& migrations);

/// What migrate() would do, for a daemon that may not migrate by itself.
MigrationStatus migration_status(const PostgresOptions& options);

}  // namespace rappel::store
