// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <set>

#include "store/postgres/rows.hpp"
#include "store/postgres/session.hpp"

namespace rappel::store::postgres {

/// The months whose partitions are known to exist, as months since year 0.
class Months {
 public:
  static int number(Instant instant);
  [[nodiscard]] bool knows(int month);
  void add(const std::set<int>& months);
  void forget();

 private:
  std::mutex mutex_;
  std::set<int> known_;
};

/// Fetches and unwraps the keys of citizens that `sealer` does not know yet.
void learn_keys(Session& session, Sealer& sealer, Shard shard, const std::vector<Whose>& wanted);

/// Gives each event its position after `head` and its citizen's next version, and stores it.
/// Returns the new head. The session holds the shard's head.
std::uint64_t append_events(Session& session, Sealer& sealer, Shard shard,
                            std::span<const TenantId> tenants, std::span<Event> events,
                            std::uint64_t head);

}  // namespace rappel::store::postgres

namespace rappel::store {

struct PostgresStore::State {
  State(PostgresOptions o, seal::Keyring k)
      : options(std::move(o)), keyring(std::move(k)), pool(options) {}

  PostgresOptions options;
  seal::Keyring keyring;
  postgres::Pool pool;
  postgres::Months months;

  template <typename Work>
  auto run(postgres::Role role, std::optional<TenantId> tenant, Work work) {
    return postgres::in_session(pool, role, tenant, std::move(work));
  }
  /// A read of one tenant's rows.
  template <typename Work>
  auto read(TenantId tenant, Work work) {
    return run(postgres::Role::api, tenant, [&](postgres::Session& session) {
      postgres::Sealer sealer(keyring.master);
      return work(session, sealer);
    });
  }
};

}  // namespace rappel::store
