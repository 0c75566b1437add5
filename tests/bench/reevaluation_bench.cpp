// SPDX-License-Identifier: Apache-2.0
// reevaluation_bench TEMPLATES COUNT ROUNDS: stores COUNT households in a private PostgreSQL and brings
// all of them up to other rules, ROUNDS times each way, beside a plain UPDATE of the same rows. One
// line of JSON; progress on stderr.
#include <sys/stat.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <pqxx/pqxx>
#include <vector>

#include "household.hpp"
#include "planner/planner.hpp"
#include "store/embedded/embedded_postgres.hpp"
#include "store/open.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace rappel;
namespace fs = std::filesystem;
using Books = std::shared_ptr<const rules::RuleBook>;

constexpr std::size_t batch = 250;
const fs::path jobseeker_rule =
    fs::path("deadlines") / "fr" / "work" / "actualisation_france_travail.yaml";
const Instant now = *parse_rfc3339("2026-11-24T12:00:00Z");

/// The shipped templates with one file changed.
Books changed(const fs::path& templates, const std::string& file, const std::string& from,
              const std::string& to) {
  const rappel::test::TemporaryFolder folder;
  const fs::path root = folder.path() / "templates";
  fs::copy(templates, root, fs::copy_options::recursive);
  std::ifstream stream(templates / file);
  std::string text(std::istreambuf_iterator<char>(stream), {});
  const auto place = text.find(from);
  if (place == std::string::npos) throw std::runtime_error(file + " has changed");
  std::ofstream(root / file) << text.replace(place, from.size(), to);
  return std::make_shared<const rules::RuleBook>(rules::RuleBook::load(root).value());
}

class World {
 public:
  World(const fs::path& templates, std::size_t count) : count_(count) {
    chmod(folder_.path().c_str(), 0711);
    store::EmbeddedPostgres::Options options;
    options.directory = folder_ / "pg";
    postgres_ = std::make_unique<store::EmbeddedPostgres>(options);
    postgres_->start();
    store::PostgresOptions database;
    database.dsn = postgres_->dsn();
    database.keep_plans = true;
    database.statement_timeout = std::chrono::minutes{5};
    if (const auto done = store::migrate(database, now); !done)
      throw std::runtime_error(to_string(done.error()));
    store_ = store::open_postgres(database, seal::Keyring::random());
    tenant_.id = TenantId::random();
    tenant_.slug = "bench";
    if (!store_->create_tenant(tenant_)) throw std::runtime_error("no tenant");
    shipped_ = std::make_shared<const rules::RuleBook>(rules::RuleBook::load(templates).value());
    messages_ = std::make_shared<const message::Catalogue>(
        message::Catalogue::load(templates / "messages").value());
    planner_ = std::make_unique<planner::Planner>(*store_, shipped_, messages_, planner::Options{},
                                                  [](std::span<const store::Work>) {});
    std::vector<Shard> all;
    for (int number = 0; number < shard_count; ++number) all.push_back(Shard{std::uint8_t(number)});
    leases_ = store_->acquire(NodeId::random(), {}, all, std::chrono::hours{24});
    std::sort(leases_.begin(), leases_.end(),
              [](const auto& a, const auto& b) { return a.shard < b.shard; });
  }

  void fill() {
    std::vector<boost::json::object> profiles;
    for (unsigned seed = 1; seed <= 1'000; ++seed)
      profiles.push_back(profile::to_json(bench::household(seed)));
    for (std::size_t done = 0; done < count_;) {
      const Shard shard{std::uint8_t(done / batch)};
      const auto transaction = store_->begin(shard, tenant_.id, now);
      for (const auto end = std::min(count_, done + batch); done < end; ++done) {
        store::Citizen citizen;
        citizen.id = CitizenId::random(shard);
        citizen.tenant = tenant_.id;
        citizen.reference = "household-" + std::to_string(done);
        citizen.profile = profiles[done % profiles.size()];
        transaction->create_citizen(citizen);
      }
      transaction->commit();
    }
  }

  /// Citizens a second; `changed` gets how many got other deadlines or reminders.
  double refresh(const Books& rules, std::size_t& changed) {
    planner_->use(rules, messages_);
    settle();
    changed = 0;
    return rate([&] {
      for (int number = 0; number < shard_count; ++number) {
        const Shard shard{std::uint8_t(number)};
        std::optional<store::CitizenKey> after;
        for (;;) {
          const auto page = store_->citizen_keys(shard, planner_->rulebook(), after, batch);
          changed += planner_->refresh(leases_.at(std::size_t(number)), page, now).value();
          if (page.size() < batch) break;
          after = page.back();
        }
      }
    });
  }

  /// Rows a second of a plain UPDATE of the same rows, a shard at a time.
  double update() {
    settle();
    pqxx::connection connection(postgres_->dsn());
    return rate([&] {
      for (int number = 0; number < shard_count; ++number) {
        pqxx::work work(connection);
        work.exec("set local role rappel_dispatch");
        work.exec("update rappel.citizen set version = version where shard = " +
                  std::to_string(number));
        work.commit();
      }
    });
  }

  [[nodiscard]] double bytes_per_citizen() {
    pqxx::connection connection(postgres_->dsn());
    pqxx::nontransaction work(connection);
    return work.exec("select pg_database_size(current_database())").at(0)[0].as<double>() /
           double(count_);
  }

  [[nodiscard]] const Books& shipped() const { return shipped_; }

 private:
  /// What an earlier phase left behind must not be paid by the next one.
  void settle() {
    pqxx::connection connection(postgres_->dsn());
    pqxx::nontransaction work(connection);
    work.exec("vacuum analyze");
    work.exec("checkpoint");
  }

  double rate(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    return double(count_) / taken.count();
  }

  rappel::test::TemporaryFolder folder_;
  std::size_t count_;
  std::unique_ptr<store::EmbeddedPostgres> postgres_;
  std::unique_ptr<store::Store> store_;
  std::vector<store::Lease> leases_;  ///< of all shards, by their number
  store::Tenant tenant_;
  Books shipped_;
  std::shared_ptr<const message::Catalogue> messages_;
  std::unique_ptr<planner::Planner> planner_;
};

std::string list(const std::vector<double>& figures) {
  std::string text;
  for (const double figure : figures)
    text += (text.empty() ? "[" : ", ") + std::to_string(std::int64_t(figure));
  return text + "]";
}

int run(const fs::path& templates, std::size_t count, int rounds) {
  World world(templates, count);
  // One rule that concerns none of these people, and one that concerns a quarter of them.
  const Books nobody = changed(templates, "deadlines/be/identity/carte_identite.yaml", "\n", "\n# other\n");
  const Books few = changed(templates, jobseeker_rule,
                            "{name: five_days, offset: -P5D}", "{name: five_days, offset: -P4D}");
  std::fprintf(stderr, "storing %zu citizens\n", count);
  world.fill();
  std::size_t all_changed = 0;
  const double first = world.refresh(world.shipped(), all_changed);
  std::fprintf(stderr, "first evaluation: %.0f citizens/s, %zu got deadlines\n", first, all_changed);
  const double bytes = world.bytes_per_citizen();
  std::vector<double> unconcerned;
  std::vector<double> concerned;
  std::vector<double> updates;
  std::size_t none = 0;
  std::size_t some = 0;
  for (int round = 0; round < rounds; ++round) {
    unconcerned.push_back(world.refresh(round % 2 == 0 ? nobody : world.shipped(), none));
    updates.push_back(world.update());
    std::fprintf(stderr, "round %d: unconcerned %.0f, plain update %.0f rows/s\n", round + 1,
                 unconcerned.back(), updates.back());
    if (none != 0) throw std::runtime_error("a rule of nobody changed somebody");
  }
  for (int round = 0; round < rounds; ++round) {
    concerned.push_back(world.refresh(round % 2 == 0 ? few : world.shipped(), some));
    std::fprintf(stderr, "round %d: concerned %.0f citizens/s, %zu changed\n", round + 1,
                 concerned.back(), some);
  }
  std::printf("{\"citizens\": %zu, \"first\": %.0f, \"bytes\": %.0f, \"concerned_share\": %.3f, "
              "\"unconcerned\": %s, \"concerned\": %s, \"update\": %s}\n",
              count, first, bytes, double(some) / double(count), list(unconcerned).c_str(),
              list(concerned).c_str(), list(updates).c_str());
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 4) {
    std::fputs("usage: reevaluation_bench TEMPLATES COUNT ROUNDS\n", stderr);
    return 2;
  }
  const auto count = std::strtoul(arguments[2], nullptr, 10);
  const int rounds = std::atoi(arguments[3]);
  if (count == 0 || rounds < 1) {
    std::fputs("reevaluation_bench: COUNT and ROUNDS must be at least 1\n", stderr);
    return 2;
  }
  try {
    return run(arguments[1], count, rounds);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "reevaluation_bench: %s\n", e.what());
    return EXIT_FAILURE;
  }
}
