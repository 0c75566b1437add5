// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/postgres_store.hpp"

#include "schema/sql.hpp"
#include "store/postgres/state.hpp"

// Tenants, keys and counters of PostgresStore.

namespace rappel::store {

using namespace postgres;

PostgresStore::PostgresStore(PostgresOptions options, seal::Keyring keyring)
    : state_(std::make_unique<State>(std::move(options), std::move(keyring))) {}
PostgresStore::~PostgresStore() = default;

void PostgresStore::check_keys() {
  const auto check = [&](std::string_view name, const std::string& proof) {
    const bool same = state_->run(Role::migrate, std::nullopt, [&](Session& session) {
      session.run(sql::record_key_proof, name, to_bytea(proof));
      return to_bytea(proof) == session.run(sql::select_key_proof, name).at(0)[0].c_str();
    });
    if (!same)
      throw std::runtime_error("the " + std::string(name) +
                               " key is not the one that this database was made with: give that one "
                               "back, or name another database");
  };
  check("master", seal::proof_of(state_->keyring.master.bytes));
  check("index", state_->keyring.index.proof());
}

Expected<void> PostgresStore::create_tenant(const Tenant& tenant) {
  const auto inserted = state_->run(Role::migrate, std::nullopt, [&](Session& session) {
    return session
        .run(sql::insert_tenant, tenant.id, tenant.slug, tenant.name, tenant.human_name,
             tenant.human_phone, tenant.country, tenant.zone)
        .affected_rows();
  });
  if (inserted == 0)
    return refuse(ProblemKind::conflict, "tenant_exists",
                  "a tenant with this id or slug exists already");
  return {};
}

std::vector<Tenant> PostgresStore::tenants() {
  return state_->run(Role::api, std::nullopt, [](Session& session) {
    std::vector<Tenant> tenants;
    for (const auto& row : session.run(sql::select_tenants)) tenants.push_back(read_tenant(row));
    return tenants;
  });
}

std::optional<Tenant> PostgresStore::tenant(TenantId id) {
  return state_->run(Role::api, std::nullopt, [&](Session& session) -> std::optional<Tenant> {
    const auto rows = session.run(sql::select_tenant, id);
    if (rows.empty()) return std::nullopt;
    return read_tenant(rows[0]);
  });
}

void PostgresStore::create_key(const ApiKey& key) {
  state_->run(Role::migrate, std::nullopt, [&](Session& session) {
    session.run(sql::insert_key, key.id, key.tenant, key.label, key.kind, key.secret_hash_hex,
                key.created_at, key.expires_at, key.revoked_at);
  });
}

std::optional<ApiKey> PostgresStore::key(std::string_view id) {
  return state_->run(Role::api, std::nullopt, [&](Session& session) -> std::optional<ApiKey> {
    session.run(sql::present_key, id);
    const auto rows = session.run(sql::select_key, id);
    if (rows.empty()) return std::nullopt;
    return read_key(rows[0]);
  });
}

std::vector<ApiKey> PostgresStore::keys(TenantId tenant) {
  return state_->run(Role::api, tenant, [&](Session& session) {
    std::vector<ApiKey> keys;
    for (const auto& row : session.run(sql::select_keys, tenant)) keys.push_back(read_key(row));
    return keys;
  });
}

bool PostgresStore::revoke_key(std::string_view id, Instant now) {
  return state_->run(Role::migrate, std::nullopt, [&](Session& session) {
    return session.run(sql::revoke_key, id, now).affected_rows() == 1;
  });
}

Store::Counts PostgresStore::counts() {
  return state_->run(Role::read, std::nullopt, [](Session& session) {
    Counts counts;
    counts.citizens = session.run(sql::count_citizens).at(0)[0].as<std::uint64_t>();
    counts.oldest_due = optional_instant(session.run(sql::oldest_due).at(0)[0]);
    counts.tasks_open = session.run(sql::count_open_tasks).at(0)[0].as<std::uint64_t>();
    std::map<ReminderState, std::uint64_t> by_state;
    for (const auto& row : session.run(sql::count_reminders)) {
      if (const auto state = parse_reminder_state(row["state"].c_str()))
        by_state[*state] = row["count"].as<std::uint64_t>();
    }
    counts.reminders.assign(by_state.begin(), by_state.end());
    return counts;
  });
}

std::vector<CitizenKey> PostgresStore::citizen_keys(Shard shard,
                                                    std::optional<std::string_view> other_than,
                                                    const std::optional<CitizenKey>& after,
                                                    std::size_t limit) {
  std::optional<std::string> rulebook;
  if (other_than) rulebook = bound(*other_than);
  const CitizenKey from = after.value_or(CitizenKey{TenantId{IdBytes{}}, CitizenId{IdBytes{}}});
  return state_->run(Role::dispatch, std::nullopt, [&](Session& session) {
    std::vector<CitizenKey> found;
    for (const auto& row : session.run(sql::citizen_keys, shard, rulebook,
                                       from.tenant, from.citizen, limit))
      found.push_back({id_of<TenantId>(row["tenant"]), id_of<CitizenId>(row["id"])});
    return found;
  });
}

std::uint64_t PostgresStore::check_contiguity(Shard shard) {
  const auto positions = state_->run(Role::read, std::nullopt, [&](Session& session) {
    const auto row = session.run(sql::contiguity, shard).at(0);
    return std::array{row["count"].as<std::uint64_t>(), row["first"].as<std::uint64_t>(),
                      row["last"].as<std::uint64_t>()};
  });
  const auto [count, first, last] = positions;
  if (first != 1 || last != count)
    throw std::logic_error("the events of shard " + std::to_string(int(shard.number)) +
                           " have a gap before " + std::to_string(last));
  return count;
}

void PostgresStore::record_template(std::string_view name, std::string_view language,
                                    std::string_view version, std::string_view text, Instant now) {
  state_->run(Role::migrate, std::nullopt, [&](Session& session) {
    session.run(sql::record_template, name, language, version, text, now);
  });
}

void PostgresStore::record_rule(std::string_view id, int version, std::string_view hash,
                                std::string_view text, Instant now) {
  state_->run(Role::migrate, std::nullopt, [&](Session& session) {
    session.run(sql::record_rule, id, version, hash, text, now);
  });
}

void PostgresStore::ping() {
  state_->run(Role::api, std::nullopt, [](Session& session) { session.run(sql::ping); });
}

}  // namespace rappel::store
