// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "store/embedded/embedded_postgres.hpp"
#include "store/open.hpp"

namespace conformance {

/// One private PostgreSQL for the whole program, stopped at its end. Databases are copied from a
/// migrated template.
class Cluster {
 public:
  static Cluster& instance();
  ~Cluster();

  /// A fresh database; `migrated` copies the template.
  std::string create(bool migrated);
  void drop(const std::string& database);
  [[nodiscard]] std::string dsn(const std::string& database) const { return postgres_->dsn(database); }

 private:
  Cluster();
  void execute(const std::string& sql);

  std::string folder_;
  std::unique_ptr<rappel::store::EmbeddedPostgres> postgres_;
  int next_ = 0;
};

/// A database of its own for the length of a test.
class Database {
 public:
  explicit Database(bool migrated = true) : name_(Cluster::instance().create(migrated)) {}
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() { Cluster::instance().drop(name_); }
  [[nodiscard]] std::string dsn() const { return Cluster::instance().dsn(name_); }
  [[nodiscard]] rappel::store::PostgresOptions options() const;

 private:
  std::string name_;
};

}  // namespace conformance
