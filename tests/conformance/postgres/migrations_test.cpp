// SPDX-License-Identifier: Apache-2.0
#include <future>
#include <pqxx/pqxx>

#include "conformance/cluster.hpp"
#include "conformance/samples.hpp"

using namespace conformance;

namespace {

std::string column(const Database& database, const std::string& sql) {
  pqxx::connection connection(database.dsn());
  pqxx::nontransaction work(connection);
  std::string text;
  for (const auto& row : work.exec(sql)) text += std::string(row[0].c_str()) + "\n";
  return text;
}

}  // namespace

TEST_CASE("an empty database is brought up to the program and a second run does nothing") {
  const Database database(false);
  CHECK(store::migration_status(database.options()).applied == 0);
  const auto first = store::migrate(database.options(), noon);
  REQUIRE(first);
  CHECK(first->size() == store::own_migrations().size());
  const auto second = store::migrate(database.options(), noon);
  REQUIRE(second);
  CHECK(second->empty());
  const auto status = store::migration_status(database.options());
  CHECK(status.applied == status.known);
  CHECK_NOTHROW(store::open_postgres(database.options(), seal::Keyring::random()));
}

TEST_CASE("a database opens with the keys that it was made with and with no others") {
  const Database database(false);
  REQUIRE(store::migrate(database.options(), noon));
  const auto keys = seal::Keyring::random();
  CHECK_NOTHROW(store::open_postgres(database.options(), keys));
  CHECK_NOTHROW(store::open_postgres(database.options(), keys));
  auto other_master = keys;
  other_master.master = seal::Keyring::random().master;
  CHECK_THROWS_WITH(store::open_postgres(database.options(), other_master),
                    doctest::Contains("the master key is not the one"));
  auto other_index = keys;
  other_index.index = seal::Keyring::random().index;
  CHECK_THROWS_WITH(store::open_postgres(database.options(), other_index),
                    doctest::Contains("the index key is not the one"));
}

TEST_CASE("the months around now are prepared and later months as time goes by") {
  const Database database(false);
  REQUIRE(store::migrate(database.options(), noon));
  const std::string months =
      "select c.relname from pg_class c join pg_inherits i on i.inhrelid = c.oid "
      "where i.inhparent = 'rappel.reminder'::regclass order by 1";
  const auto names = column(database, months);
  CHECK(names.find("reminder_2026_10\n") == 0);
  CHECK(names.find("reminder_2028_11\n") != std::string::npos);
  CHECK(names.find("reminder_2028_12\n") == std::string::npos);
  REQUIRE(store::migrate(database.options(), noon + std::chrono::days{31}));
  CHECK(column(database, months).find("reminder_2028_12\n") != std::string::npos);
}

TEST_CASE("migrators that start at once apply each file once") {
  const Database database(false);
  std::promise<void> start;
  const auto started = start.get_future().share();
  std::vector<std::future<std::size_t>> migrators;
  for (int i = 0; i < 4; ++i) {
    migrators.push_back(std::async(std::launch::async, [&] {
      started.wait();
      const auto applied = store::migrate(database.options(), noon);
      return applied ? applied->size() : 1000;
    }));
  }
  start.set_value();
  std::size_t total = 0;
  for (auto& migrator : migrators) total += migrator.get();
  CHECK(total == store::own_migrations().size());
}

TEST_CASE("databases of one cluster may be migrated at once") {
  const Database one(false);
  const Database two(false);
  auto other = std::async(std::launch::async,
                          [&] { return bool(store::migrate(one.options(), noon)); });
  CHECK(store::migrate(two.options(), noon));
  CHECK(other.get());
}

TEST_CASE("an applied migration that was edited is refused") {
  const Database database;
  auto migrations = store::own_migrations();
  migrations[1].text += "\n-- a word more";
  const auto refused = store::migrate(database.options(), noon, migrations);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "migration_edited");
  CHECK(refused.error().detail.find(migrations[1].name) != std::string::npos);
}

TEST_CASE("a database that is newer than the program is refused") {
  const Database database;
  auto newer = store::own_migrations();
  newer.push_back({9999, "9999_of_tomorrow", "create table rappel.tomorrow (id integer)"});
  REQUIRE(store::migrate(database.options(), noon, newer));
  const auto refused = store::migrate(database.options(), noon);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "migration_unknown");
  CHECK(refused.error().detail.find("9999_of_tomorrow") != std::string::npos);
  CHECK(store::migration_status(database.options()).applied == 9999);
}

TEST_CASE("a migration that fails is undone whole") {
  const Database database;
  auto migrations = store::own_migrations();
  migrations.push_back({9999, "9999_broken", "create table rappel.half (id integer); select 1/0"});
  const auto refused = store::migrate(database.options(), noon, migrations);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "migration_failed");
  CHECK(refused.error().detail.find("division by zero") != std::string::npos);
  CHECK(column(database, "select to_regclass('rappel.half') is null") == "t\n");
  CHECK(store::migrate(database.options(), noon)->empty());
}

TEST_CASE("a user who may not create roles is told which ones are needed") {
  const Database database(false);
  pqxx::connection connection(database.dsn());
  pqxx::nontransaction work(connection);
  work.exec("drop role if exists weak");
  work.exec("create role weak login");
  work.exec("grant create on database " + std::string(connection.dbname()) + " to weak");
  auto options = database.options();
  options.dsn += " user=weak";
  const auto refused = store::migrate(options, noon);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().detail.find("rappel_dispatch") != std::string::npos);
  CHECK(refused.error().detail.find("grant NAME to weak") != std::string::npos);
  for (const char* role : {"owner", "migrate", "api", "dispatch", "privacy", "read"})
    work.exec(std::string("grant rappel_") + role + " to weak");
  const auto granted = store::migrate(options, noon);
  if (!granted) FAIL(to_string(granted.error()));
  const auto opened = store::open_postgres(options, seal::Keyring::random());
  CHECK(opened->create_tenant(sample_tenant("mairie-demo")));
  work.exec("drop owned by weak cascade");
}
