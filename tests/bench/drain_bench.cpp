// SPDX-License-Identifier: Apache-2.0
// drain_bench fill CONFIG COUNT FIRST_DUE SPAN_S: stores COUNT citizens with one reminder each in the
// store of a configuration, due at random instants from FIRST_DUE (RFC 3339) on, within SPAN_S.
// drain_bench citizens CONFIG COUNT: stores COUNT citizens c0, c1 and so on, without a reminder.
// drain_bench limit DSN COUNT: claims and completes COUNT bare rows in batches of 500 over two
// connections and prints the rows a second: the limit that PostgreSQL sets to any such queue.
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <pqxx/pqxx>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "app/config.hpp"
#include "app/truth.hpp"
#include "profile/profile.hpp"
#include "rules/rule_book.hpp"

namespace {

using namespace rappel;

constexpr std::size_t citizens_per_transaction = 500;
constexpr int limit_batch = 500;
constexpr int limit_clients = 2;

store::Tenant tenant_of(store::Store& store) {
  for (auto& tenant : store.tenants()) {
    if (tenant.slug == "bench") return tenant;
  }
  store::Tenant tenant;
  tenant.id = TenantId::random();
  tenant.slug = "bench";
  tenant.name = "Mairie de Lorient";
  tenant.human_name = "Mme Diallo";
  tenant.human_phone = "02 99 00 00 00";
  if (!store.create_tenant(tenant)) throw std::runtime_error("the tenant was refused");
  return tenant;
}

boost::json::object profile_of(std::size_t number) {
  profile::Profile profile;
  Event told;
  told.type = "citizen.updated";
  told.data = {
      {"given_name", "Jeanne"},
      {"family_name", "Morel"},
      {"birthdate", "1948-05-02"},
      {"address", {{"insee", "56121"}, {"city", "Lorient"}}},
      {"contacts",
       {{{"channel", "email"}, {"address", fmt::format("c{}@example.org", number)}}}},
      {"preferences", {{"channels", {"email"}}, {"language", "fr"}}}};
  profile::apply(profile, told);
  return profile::to_json(profile);
}

/// Up to the rules: a re-evaluation beside the measurement would be paid by it.
store::Citizen add_citizen(store::Transaction& transaction, Shard shard, const store::Tenant& tenant,
                           std::string reference, std::size_t number, const std::string& rulebook) {
  store::Citizen citizen;
  citizen.id = CitizenId::random(shard);
  citizen.tenant = tenant.id;
  citizen.reference = std::move(reference);
  citizen.profile = profile_of(number);
  transaction.create_citizen(citizen);
  citizen.rulebook = rulebook;
  transaction.save_citizen(citizen);
  return citizen;
}

std::string rulebook_of(const app::Config& config) {
  return rules::RuleBook::load(config.templates_directory).value().fingerprint();
}

/// Each in the shard where its reference is looked for.
void add_citizens(const app::Config& config, std::size_t count) {
  const app::Truth truth(config);
  auto& store = truth.store();
  const auto tenant = tenant_of(store);
  const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  const auto rulebook = rulebook_of(config);
  std::vector<std::vector<std::size_t>> numbers(shard_count);
  for (std::size_t i = 0; i < count; ++i)
    numbers[store.shard_of(tenant.id, fmt::format("c{}", i)).number].push_back(i);
  for (int shard = 0; shard < shard_count; ++shard) {
    const Shard each{std::uint8_t(shard)};
    const auto transaction = store.begin(each, tenant.id, now);
    for (const auto number : numbers[std::size_t(shard)])
      add_citizen(*transaction, each, tenant, fmt::format("c{}", number), number, rulebook);
    transaction->commit();
  }
}

Reminder reminder_of(const store::Citizen& citizen, Instant due) {
  Reminder reminder;
  reminder.id = ReminderId::random(citizen.id.shard());
  reminder.citizen = citizen.id;
  reminder.stage = "bench";
  reminder.message = "caseworker_note";
  reminder.topic = "bench";
  reminder.due_at = reminder.next_at = due;
  reminder.values = {{"title", "Rendez-vous avec votre conseillère"},
                     {"body", "Merci d'apporter votre dossier et une pièce d'identité."}};
  return reminder;
}

void fill(const app::Config& config, std::size_t count, Instant first, std::chrono::seconds span) {
  const app::Truth truth(config);
  auto& store = truth.store();
  const auto tenant = tenant_of(store);
  std::mt19937_64 random(count);
  std::uniform_int_distribution<std::int64_t> later(0, std::max<std::int64_t>(span.count() * 1'000'000 - 1, 0));
  const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  const auto rulebook = rulebook_of(config);
  std::size_t batch = 0;
  for (std::size_t done = 0; done < count; ++batch) {
    const Shard shard{std::uint8_t(batch)};
    const auto transaction = store.begin(shard, tenant.id, now);
    std::vector<Reminder> reminders;
    for (const auto end = std::min(count, done + citizens_per_transaction); done < end; ++done) {
      const auto citizen = add_citizen(*transaction, shard, tenant,
                                       fmt::format("c{}-{}", random(), done), done, rulebook);
      reminders.push_back(reminder_of(citizen, first + std::chrono::microseconds{later(random)}));
    }
    transaction->upsert(std::span<const Reminder>(reminders));
    transaction->commit();
  }
}

void work_off(const std::string& dsn, std::atomic<int>& left) {
  pqxx::connection connection(dsn);
  connection.prepare("claim",
                     "update queue set state = 1 where id = any(array(select id from queue where state = 0 "
                     "and due <= now() order by due limit $1 for update skip locked)) "
                     "returning id, citizen, due, channel, payload");
  connection.prepare("complete", "update queue set state = 2, done_at = now() where id = any($1::bigint[])");
  while (left > 0) {
    std::string ids;
    {
      pqxx::work claim(connection);
      for (const auto& row : claim.exec_prepared("claim", limit_batch))
        ids += (ids.empty() ? "{" : ",") + std::string(row[0].c_str());
      claim.commit();
    }
    if (ids.empty()) break;
    pqxx::work complete(connection);
    left -= int(complete.exec_prepared("complete", ids + "}").affected_rows());
    complete.commit();
  }
}

void limit(const std::string& dsn, int count) {
  {
    pqxx::connection connection(dsn);
    pqxx::nontransaction work(connection);
    work.exec("drop table if exists queue");
    work.exec("create table queue (id bigint primary key, citizen uuid not null, due timestamptz not null, "
              "channel smallint not null, payload jsonb, state smallint not null default 0, "
              "done_at timestamptz)");
    work.exec(fmt::format(
        "insert into queue select g, gen_random_uuid(), now() - random() * interval '1 hour', 1, "
        "jsonb_build_object('template', 'caseworker_note', 'lang', 'fr', 'name', 'Citizen ' || g, 'ref', "
        "'REF-' || g, 'place', 'Mairie de Lorient, 2 boulevard Leclerc', 'rule', "
        "'fr.identity.cni_majeur', 'tz', 'Europe/Paris', 'try', 0) from generate_series(1, {}) g",
        count));
    work.exec("create index on queue (due) where state = 0");
    work.exec("vacuum analyze queue");
    work.exec("checkpoint");
  }
  std::atomic<int> left{count};
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> clients;
  for (int i = 0; i < limit_clients; ++i) clients.emplace_back([&] { work_off(dsn, left); });
  for (auto& client : clients) client.join();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  fmt::print("{:.0f}\n", count / taken.count());
}

int run(const std::vector<std::string>& words) {
  if (words.size() == 5 && words[0] == "fill") {
    const auto config = app::load_config(words[1]);
    const auto first = parse_rfc3339(words[3]);
    if (!config || !first) throw std::runtime_error("the configuration or the instant is wrong");
    fill(*config, std::stoul(words[2]), *first, std::chrono::seconds{std::stol(words[4])});
    return EXIT_SUCCESS;
  }
  if (words.size() == 3 && words[0] == "citizens") {
    const auto config = app::load_config(words[1]);
    if (!config) throw std::runtime_error("the configuration is wrong");
    add_citizens(*config, std::stoul(words[2]));
    return EXIT_SUCCESS;
  }
  if (words.size() == 3 && words[0] == "limit") {
    limit(words[1], std::stoi(words[2]));
    return EXIT_SUCCESS;
  }
  std::fputs("usage: drain_bench fill CONFIG COUNT FIRST_DUE SPAN_S | citizens CONFIG COUNT | limit DSN "
             "COUNT\n", stderr);
  return 2;
}

}  // namespace

int main(int count, char** words) {
  try {
    return run({words + 1, words + count});
  } catch (const std::exception& e) {
    std::fprintf(stderr, "drain_bench: %s\n", e.what());
    return EXIT_FAILURE;
  }
}
