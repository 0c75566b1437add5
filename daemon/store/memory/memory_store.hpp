// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "base/clock.hpp"
#include "seal/blind_index.hpp"
#include "store/store.hpp"

namespace rappel::store {

/// The truth in memory, for simulations and tests: the same semantics as PostgreSQL, in one process,
/// gone with it. Any thread.
///
///   VirtualClock clock(start);
///   MemoryStore store(clock);
class MemoryStore : public Store {
 public:
  struct Options {
    /// How long begin() and the fenced writes wait for their turn on a shard.
    std::chrono::milliseconds turn_wait_max{5'000};
    /// Called with a method's name before it works; throws StoreUnavailable to play a fault.
    std::function<void(std::string_view)> fault;
    /// Fixed by default: a simulation gives the same shards each time.
    seal::KeyBytes index_key = fixed_index_key();
  };

  /// `clock` is the database's clock: leases are measured by it.
  explicit MemoryStore(const Clock& clock) : MemoryStore(clock, Options{}) {}
  MemoryStore(const Clock& clock, Options options);
  ~MemoryStore() override;

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

  static seal::KeyBytes fixed_index_key();
  struct State;  ///< private to store/memory

 private:
  std::unique_ptr<State> state_;
};

}  // namespace rappel::store
