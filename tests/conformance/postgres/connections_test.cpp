// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <future>
#include <pqxx/pqxx>

#include "conformance/cluster.hpp"
#include "conformance/samples.hpp"

using namespace conformance;
using std::chrono::milliseconds;

namespace {

struct Served {
  explicit Served(std::function<void(store::PostgresOptions&)> change = {}) {
    auto options = database.options();
    if (change) change(options);
    store = store::open_postgres(options, seal::Keyring::random());
    REQUIRE(store->create_tenant(tenant));
  }
  Database database;
  store::Tenant tenant = sample_tenant("mairie-demo");
  std::unique_ptr<Store> store;

  void end_all_sessions() {
    pqxx::connection connection(database.dsn());
    pqxx::nontransaction work(connection);
    work.exec("select pg_terminate_backend(pid) from pg_stat_activity "
              "where datname = current_database() and pid <> pg_backend_pid()");
  }
};

}  // namespace

TEST_CASE("a server that cannot be reached is unavailable") {
  store::PostgresOptions options;
  options.dsn = "host=/nonexistent user=nobody dbname=none";
  CHECK_THROWS_AS(store::open_postgres(options, seal::Keyring::random()), store::StoreUnavailable);
  CHECK_THROWS_AS((void)store::migrate(options, noon), store::StoreUnavailable);
}

TEST_CASE("connections that the server ended are replaced without the caller noticing") {
  Served s;
  std::vector<std::future<bool>> reads;
  for (int i = 0; i < 4; ++i)
    reads.push_back(std::async(std::launch::async, [&] { return s.store->tenants().size() == 1; }));
  for (auto& read : reads) CHECK(read.get());
  s.end_all_sessions();
  for (int i = 0; i < 4; ++i) CHECK(s.store->tenants().size() == 1);
}

TEST_CASE("a transaction whose connection ends is unavailable and leaves nothing") {
  Served s;
  auto citizen = sample_citizen(*s.store, s.tenant.id, "A-1");
  auto transaction = s.store->begin(citizen.id.shard(), s.tenant.id, noon);
  transaction->create_citizen(citizen);
  s.end_all_sessions();
  CHECK_THROWS_AS(transaction->commit(), store::StoreUnavailable);
  transaction.reset();
  CHECK_FALSE(s.store->find_citizen(s.tenant.id, "A-1"));
  transaction = s.store->begin(citizen.id.shard(), s.tenant.id, noon);
  transaction->create_citizen(citizen);
  transaction->commit();
  CHECK(s.store->find_citizen(s.tenant.id, "A-1"));
}

TEST_CASE("a turn that does not come in time is unavailable") {
  Served s([](auto& options) { options.statement_timeout = milliseconds{300}; });
  const auto first = s.store->begin(Shard{7}, s.tenant.id, noon);
  CHECK_THROWS_AS((void)s.store->begin(Shard{7}, s.tenant.id, noon), store::StoreUnavailable);
  CHECK_NOTHROW((void)s.store->begin(Shard{8}, s.tenant.id, noon));
}

TEST_CASE("the pool is bounded and keeps one connection for reads beside open transactions") {
  Served s([](auto& options) {
    options.connections_max = 3;
    options.checkout_wait_max = milliseconds{200};
  });
  const auto one = s.store->begin(Shard{1}, s.tenant.id, noon);
  const auto two = s.store->begin(Shard{2}, s.tenant.id, noon);
  CHECK_THROWS_AS((void)s.store->begin(Shard{3}, s.tenant.id, noon), store::StoreUnavailable);
  CHECK(s.store->tenants().size() == 1);
}

TEST_CASE("a node that stops in the middle of a transaction does not hold a shard for ever") {
  Served s([](auto& options) { options.silence_max = milliseconds{300}; });
  const auto stopped = s.store->begin(Shard{7}, s.tenant.id, noon);
  // The server ends the silent session by itself, and the turn passes on.
  CHECK_NOTHROW((void)s.store->begin(Shard{7}, s.tenant.id, noon));
}

TEST_CASE("text with a NUL character is refused and not cut") {
  Served s;
  auto citizen = sample_citizen(*s.store, s.tenant.id, "A-1");
  auto transaction = s.store->begin(citizen.id.shard(), s.tenant.id, noon);
  transaction->create_citizen(citizen);
  auto reminder = sample_reminder(citizen, "J-30", noon);
  reminder.stage = std::string("J\0-30", 5);
  CHECK_THROWS_AS(transaction->upsert(std::span<const Reminder>(&reminder, 1)), std::logic_error);
  CHECK_THROWS_AS((void)s.store->key(std::string("a\0b", 3)), std::invalid_argument);
}

TEST_CASE("nothing of a transaction survives in a pooled connection") {
  Served s([](auto& options) { options.connections_max = 2; });
  { const auto transaction = s.store->begin(Shard{1}, s.tenant.id, noon); }
  pqxx::connection connection(s.database.dsn());
  pqxx::nontransaction work(connection);
  const auto sessions = work.exec(
      "select count(*) from pg_stat_activity where datname = current_database() "
      "and state = 'idle in transaction'");
  CHECK(sessions.at(0)[0].as<int>() == 0);
  CHECK(s.store->keys(TenantId::random()).empty());
}

TEST_CASE("a claim that waits for its turn sees the epoch of a take-over made meanwhile") {
  Served s;
  auto citizen = sample_citizen(*s.store, s.tenant.id, "A-1");
  const auto reminder = sample_reminder(citizen, "J-30", noon);
  const std::vector wanted{citizen.id.shard()};
  auto planner = s.store->begin(citizen.id.shard(), s.tenant.id, noon);
  planner->create_citizen(citizen);
  planner->upsert(std::span<const Reminder>(&reminder, 1));
  planner->commit();
  const auto node = NodeId::random();
  const auto fence = s.store->acquire(node, {}, wanted, std::chrono::minutes{1}).at(0);
  planner = s.store->begin(citizen.id.shard(), s.tenant.id, noon);
  auto claiming = std::async(std::launch::async, [&] {
    return s.store->claim(fence, std::vector{reminder.id}, noon).size();
  });
  pqxx::connection connection(s.database.dsn());
  pqxx::nontransaction work(connection);
  const auto waiting = [&] {
    return work
        .exec("select count(*) from pg_stat_activity where datname = current_database() "
              "and wait_event_type = 'Lock'")
        .at(0)[0]
        .as<int>();
  };
  while (waiting() == 0) {
  }
  CHECK(s.store->acquire(node, {}, wanted, std::chrono::minutes{1}).at(0).epoch > fence.epoch);
  planner->commit();
  CHECK(claiming.get() == 0);
}
