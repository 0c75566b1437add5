// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "store/page.hpp"
#include "store/silence_book.hpp"
#include "store/transaction.hpp"

// The store keeps the truth. Two implementations, store/memory (simulation, unit tests) and
// store/postgres, pass one conformance suite (tests/conformance). Callers hand over clear facts;
// the PostgreSQL store seals them with the citizen's key before they reach SQL.
//
// Thread rule: a Store may be used from any thread; a Transaction belongs to one thread.
// Errors: an expected answer is a value (Expected); a broken world is StoreUnavailable, thrown.

namespace rappel::store {

/// Everything the other modules may ask of the truth.
class Store : public SilenceBook {
 public:
  // --- tenants and keys -------------------------------------------------------------------------
  virtual Expected<void> create_tenant(const Tenant& tenant) = 0;
  [[nodiscard]] virtual std::vector<Tenant> tenants() = 0;
  [[nodiscard]] virtual std::optional<Tenant> tenant(TenantId id) = 0;
  virtual void create_key(const ApiKey& key) = 0;
  [[nodiscard]] virtual std::optional<ApiKey> key(std::string_view id) = 0;
  [[nodiscard]] virtual std::vector<ApiKey> keys(TenantId tenant) = 0;
  virtual bool revoke_key(std::string_view id, Instant now) = 0;

  // --- write side -------------------------------------------------------------------------------
  /// The shard is chosen by the keyed blind index of the reference, so the same reference always
  /// leads to the same shard, whether or not the citizen exists yet.
  [[nodiscard]] virtual Shard shard_of(TenantId tenant, std::string_view reference) = 0;
  [[nodiscard]] virtual std::optional<CitizenId> find_citizen(TenantId tenant,
                                                              std::string_view reference) = 0;
  [[nodiscard]] virtual std::unique_ptr<Transaction> begin(Shard shard, TenantId tenant,
                                                           Instant now) = 0;

  // --- read side --------------------------------------------------------------------------------
  [[nodiscard]] std::optional<Citizen> read_citizen(TenantId tenant, CitizenId id) {
    auto found = read_citizens(tenant, {&id, 1});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
  }
  /// Of these citizens of one shard, those who exist, by their ids.
  [[nodiscard]] virtual std::vector<Citizen> read_citizens(TenantId tenant,
                                                           std::span<const CitizenId> ids) = 0;
  [[nodiscard]] virtual Page<Event> read_events(TenantId tenant, CitizenId id,
                                                const PageRequest& page) = 0;
  [[nodiscard]] virtual Page<Deadline> read_deadlines(TenantId tenant, CitizenId id,
                                                      const PageRequest& page) = 0;
  [[nodiscard]] virtual std::optional<Deadline> read_deadline(TenantId tenant, CitizenId citizen,
                                                              DeadlineId id) = 0;
  [[nodiscard]] virtual Page<Reminder> read_reminders(TenantId tenant, CitizenId id,
                                                      const PageRequest& page) = 0;
  [[nodiscard]] virtual std::optional<Reminder> read_reminder(TenantId tenant, ReminderId id) = 0;
  [[nodiscard]] virtual std::optional<Delivery> read_delivery(TenantId tenant, DeliveryId id) = 0;
  [[nodiscard]] virtual std::vector<Delivery> read_deliveries(TenantId tenant, ReminderId id) = 0;
  [[nodiscard]] virtual Page<InboxMessage> read_inbox(TenantId tenant, CitizenId id,
                                                      const PageRequest& page) = 0;
  /// Those that are not resolved, oldest first.
  [[nodiscard]] virtual Page<Task> read_tasks(TenantId tenant, const PageRequest& page) = 0;

  // --- send side: fenced by (shard, epoch) ------------------------------------------------------
  /// Takes or renews the named shards for `node` where they are free, expired or already the
  /// node's own from an earlier life; each take-over advances the epoch, a renewal with the current
  /// epoch keeps it. Returns what the node owns now. Time is the database's own clock.
  [[nodiscard]] virtual std::vector<Lease> acquire(NodeId node, std::span<const Lease> held,
                                                   std::span<const Shard> wanted,
                                                   std::chrono::milliseconds ttl) = 0;
  virtual void release(NodeId node, std::span<const Lease> leases) = 0;
  /// After a take-over: claimed → planned (nothing had left), or back to unknown if it was claimed
  /// from there; in_flight → unknown, deliveries too; all due at once.
  /// Returns how many of each. Nothing when the fence is stale.
  struct Recovered {
    std::size_t returned = 0;
    std::size_t unknown = 0;
  };
  virtual Recovered recover(const Lease& fence, Instant now) = 0;
  /// Work of a shard with at in (after, until], oldest first, at most `limit`. `after` may be
  /// Instant::min() to start from the beginning.
  [[nodiscard]] virtual std::vector<Work> horizon(Shard shard, Instant after, Instant until,
                                                  std::size_t limit) = 0;
  /// planned | retry_wait | unknown → claimed, attempt + 1. Rows that are not in these states, or
  /// whose next_at is after `now` (moved since), are left alone and not returned.
  [[nodiscard]] virtual std::vector<ClaimedReminder> claim(const Lease& fence,
                                                           std::span<const ReminderId> ids,
                                                           Instant now) = 0;
  /// What becomes of a batch that was claimed: those that leave, and those whose road ends here. The
  /// others stay claimed.
  struct Decision {
    std::vector<Flight> flights;
    std::vector<Settlement> settled;
  };
  using Decide = std::function<Decision(std::vector<ClaimedReminder>)>;
  /// claim(), settle() and begin_flight() for one batch, in one transaction where the store can:
  /// then nothing of it stands when it fails. `decide` may be asked more than once, and its last answer counts. Returns which of
  /// the flights may leave.
  [[nodiscard]] virtual std::vector<ReminderId> take(const Lease& fence,
                                                     std::span<const ReminderId> ids, Instant now,
                                                     const Decide& decide);
  /// claimed → in_flight and the delivery's row, in one transaction, for the rows whose attempt and
  /// epoch still match. Returns which of the flights may leave: the others were cancelled meanwhile.
  [[nodiscard]] virtual std::vector<ReminderId> begin_flight(const Lease& fence,
                                                             std::span<const Flight> flights,
                                                             Instant now) = 0;
  /// Applies outcomes; returns the reminders that were really changed. A stale fence changes nothing.
  virtual std::vector<ReminderId> settle(const Lease& fence,
                                         std::span<const Settlement> settlements, Instant now) = 0;

  // --- before and after a change of the rules ---------------------------------------------------
  /// Citizens of a shard in the order of their keys, after `after`; at most `limit`. With a
  /// fingerprint: only those whose deadlines were computed by other rules.
  [[nodiscard]] virtual std::vector<CitizenKey> citizen_keys(
      Shard shard, std::optional<std::string_view> other_than,
      const std::optional<CitizenKey>& after, std::size_t limit) = 0;

  // --- counters for status, metrics and tests ---------------------------------------------------
  struct Counts {
    std::uint64_t citizens = 0;
    std::vector<std::pair<ReminderState, std::uint64_t>> reminders;
    std::optional<Instant> oldest_due;
    std::uint64_t tasks_open = 0;
  };
  [[nodiscard]] virtual Counts counts() = 0;
  /// Reader's assertion: positions of the shard are 1…n without a gap. Returns n, throws if broken.
  virtual std::uint64_t check_contiguity(Shard shard) = 0;
  /// The template and rule versions in force, recorded once each for later proof.
  virtual void record_template(std::string_view name, std::string_view language,
                               std::string_view version, std::string_view text, Instant now) = 0;
  virtual void record_rule(std::string_view id, int version, std::string_view hash,
                           std::string_view text, Instant now) = 0;
  /// Answers when the truth can be reached; throws StoreUnavailable otherwise.
  virtual void ping() = 0;
};

}  // namespace rappel::store
