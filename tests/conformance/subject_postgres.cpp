// SPDX-License-Identifier: Apache-2.0
#include <pqxx/pqxx>

#include "conformance/cluster.hpp"
#include "conformance/subject.hpp"

namespace conformance {
namespace {

/// One database for all cases, emptied before each: copying one takes longer than a case.
const std::string& emptied_database() {
  static const std::string dsn = Cluster::instance().dsn(Cluster::instance().create(true));
  pqxx::connection connection(dsn);
  pqxx::work work(connection);
  work.exec("set local search_path = rappel");
  for (const char* table : {"tenant", "api_key", "citizen", "citizen_key", "event", "deadline",
                            "reminder", "delivery", "inbox_message", "task", "idempotency",
                            "key_proof", "silence"})
    work.exec(std::string("delete from ") + table);
  work.exec("update shard_head set next_position = 1 where next_position <> 1");
  work.exec("update shard_lease set owner = null, epoch = 0 where epoch <> 0");
  work.commit();
  return dsn;
}

class PostgresSubject final : public Subject {
 public:
  rappel::store::Store& store() override { return *store_; }

 private:
  static rappel::store::PostgresOptions options() {
    rappel::store::PostgresOptions options;
    options.dsn = emptied_database();
    options.keep_plans = true;  // the cases of postgres/ run without
    return options;
  }
  std::unique_ptr<rappel::store::Store> store_ =
      rappel::store::open_postgres(options(), rappel::seal::Keyring::random());
};

}  // namespace

std::unique_ptr<Subject> make_subject() { return std::make_unique<PostgresSubject>(); }

}  // namespace conformance
