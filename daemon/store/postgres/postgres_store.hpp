// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "seal/blind_index.hpp"
#include "store/store.hpp"

namespace rappel::store {

/// Each is a named limit; what exceeds it ends as StoreUnavailable.
struct PostgresOptions {
  std::string dsn;  ///< libpq keywords or a postgresql:// URI
  std::size_t connections_max = 12;
  /// Keeps the plans of statements in the connection: planning over many months costs more than
  /// running. Not behind PgBouncer in transaction mode, which lends another connection each time.
  bool keep_plans = false;
  std::chrono::milliseconds checkout_wait_max{5'000};
  std::chrono::milliseconds statement_timeout{5'000};
  /// Of a silence inside a transaction: the server ends one whose node has stopped, and with it the
  /// turn it holds.
  std::chrono::milliseconds silence_max{10'000};
  std::chrono::seconds connect_timeout{5};
  std::chrono::milliseconds tcp_user_timeout{10'000};
};

/// The truth in PostgreSQL 15. Any thread; each call checks a connection out of a bounded pool, a
/// Transaction keeps its own until its end.
/// Personal facts leave this class only sealed. Works behind PgBouncer in transaction mode: every
/// setting is local to its transaction, and no statement is prepared by name unless keep_plans asks.
class PostgresStore final : public Store {
 public:
  /// Does not connect yet: ping() does.
  PostgresStore(PostgresOptions options, seal::Keyring keyring);
  ~PostgresStore() override;

  /// Refuses other keys than those that this database was first opened with: nothing in it would open,
  /// nobody would be found. Throws std::runtime_error that names the key.
  void check_keys();

  Expected<void> create_tenant(const Tenant& tenant) override;
  std::vector<Tenant> tenants() override;
  std::optional<Tenant> tenant(TenantId id) override;
  void create_key(const ApiKey& key) override;
  std::optional<ApiKey> key(std::string_view id) override;
  std::vector<ApiKey> keys(TenantId tenant) override;
  bool revoke_key(std::string_view id, Instant now) override;

  Shard shard_of(TenantId tenant, std::string_view reference) override;
  std::optional<CitizenId> find_citizen(TenantId tenant, std::string_view reference) override;
  std::unique_ptr<Transaction> begin(Shard shard, TenantId tenant, Instant now) override;

  std::vector<Citizen> read_citizens(TenantId tenant, std::span<const CitizenId> ids) override;
  Page<Event> read_events(TenantId tenant, CitizenId id, const PageRequest& page) override;
  Page<Deadline> read_deadlines(TenantId tenant, CitizenId id, const PageRequest& page) override;
  std::optional<Deadline> read_deadline(TenantId tenant, CitizenId citizen,
                                        DeadlineId id) override;
  Page<Reminder> read_reminders(TenantId tenant, CitizenId id, const PageRequest& page) override;
  std::optional<Reminder> read_reminder(TenantId tenant, ReminderId id) override;
  std::optional<Delivery> read_delivery(TenantId tenant, DeliveryId id) override;
  std::vector<Delivery> read_deliveries(TenantId tenant, ReminderId id) override;
  Page<InboxMessage> read_inbox(TenantId tenant, CitizenId id, const PageRequest& page) override;
  Page<Task> read_tasks(TenantId tenant, const PageRequest& page) override;

  std::vector<Lease> acquire(NodeId node, std::span<const Lease> held,
                             std::span<const Shard> wanted,
                             std::chrono::milliseconds ttl) override;
  void release(NodeId node, std::span<const Lease> leases) override;
  Recovered recover(const Lease& fence, Instant now) override;
  std::vector<Work> horizon(Shard shard, Instant after, Instant until, std::size_t limit) override;
  std::vector<ClaimedReminder> claim(const Lease& fence, std::span<const ReminderId> ids,
                                     Instant now) override;
  std::vector<ReminderId> take(const Lease& fence, std::span<const ReminderId> ids, Instant now,
                               const Decide& decide) override;
  std::vector<ReminderId> begin_flight(const Lease& fence, std::span<const Flight> flights,
                                       Instant now) override;
  std::vector<ReminderId> settle(const Lease& fence, std::span<const Settlement> settlements,
                                 Instant now) override;

  Expected<void> add_silence(const Silence& silence) override;
  std::vector<Silence> silences(TenantId tenant, Instant now) override;
  std::optional<Silence> end_silence(TenantId tenant, SilenceId id, Instant now) override;
  std::vector<Silence> silences_at(Instant now) override;
  std::vector<ClaimedReminder> waiting(TenantId tenant, const WaitingQuery& query) override;

  std::vector<CitizenKey> citizen_keys(Shard shard, std::optional<std::string_view> other_than,
                                       const std::optional<CitizenKey>& after,
                                       std::size_t limit) override;
  Counts counts() override;
  std::uint64_t check_contiguity(Shard shard) override;
  void record_template(std::string_view name, std::string_view language, std::string_view version,
                       std::string_view text, Instant now) override;
  void record_rule(std::string_view id, int version, std::string_view hash, std::string_view text,
                   Instant now) override;
  void ping() override;

  struct State;  ///< private to store/postgres

 private:
  std::unique_ptr<State> state_;
};

}  // namespace rappel::store
