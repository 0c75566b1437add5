// SPDX-License-Identifier: Apache-2.0
#include "conformance/cluster.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <pqxx/pqxx>
#include <stdexcept>

#include "conformance/samples.hpp"

namespace conformance {
namespace {

/// A new folder that the server's account can enter.
std::string make_folder() {
  auto pattern = (std::filesystem::temp_directory_path() / "rappel-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  chmod(pattern.c_str(), 0711);
  return pattern;
}

}  // namespace

Cluster& Cluster::instance() {
  static Cluster cluster;
  return cluster;
}

Cluster::Cluster() : folder_(make_folder()) {
  store::EmbeddedPostgres::Options options;
  options.directory = folder_ + "/pg";
  options.fsync = false;
  postgres_ = std::make_unique<store::EmbeddedPostgres>(options);
  postgres_->start();
  execute("create database template_rappel");
  store::PostgresOptions migrating;
  migrating.dsn = dsn("template_rappel");
  const auto applied = store::migrate(migrating, noon);
  if (!applied) throw std::runtime_error(to_string(applied.error()));
}

Cluster::~Cluster() {
  postgres_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Cluster::execute(const std::string& sql) {
  pqxx::connection connection(dsn("postgres"));
  pqxx::nontransaction(connection).exec(sql);
}

std::string Cluster::create(bool migrated) {
  const std::string name = "test_" + std::to_string(++next_);
  execute("create database " + name +
          (migrated ? " template template_rappel strategy file_copy" : ""));
  return name;
}

void Cluster::drop(const std::string& database) {
  execute("drop database " + database + " with (force)");
}

store::PostgresOptions Database::options() const {
  store::PostgresOptions options;
  options.dsn = dsn();
  return options;
}

}  // namespace conformance
