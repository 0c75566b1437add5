// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "base/secret.hpp"
#include "profile/event.hpp"
#include "reminder/deadline.hpp"
#include "reminder/delivery.hpp"
#include "reminder/reminder.hpp"
#include "reminder/task.hpp"

// The store keeps the truth. Two implementations, store/memory (simulation, unit tests) and
// store/postgres, pass one conformance suite (tests/conformance). Callers hand over clear facts;
// the PostgreSQL store seals them with the citizen's key before they reach SQL.
//
// Thread rule: a Store may be used from any thread; a Transaction belongs to one thread.
// Errors: an expected answer is a value (Expected); a broken world is StoreUnavailable, thrown.

namespace rappel::store {

/// The database cannot be reached, or did not answer within its deadline. Nothing is known of an
/// unfinished commit: repeat it with the same idempotency key.
class StoreUnavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A page's cursor that this store never gave out.
class BadCursor : public std::runtime_error {
 public:
  BadCursor() : std::runtime_error("the cursor was not given out for this list") {}
};

/// One administration.
struct Tenant {
  TenantId id;
  std::string slug;          ///< "mairie-demo": lower case, digits, dashes
  std::string name;          ///< shown to citizens: "Mairie de Villeneuve"
  std::string human_name;    ///< who answers: "l'accueil de la mairie"
  std::string human_phone;   ///< in every message; national or international form
  std::string country = "fr";
  std::string zone = "Europe/Paris";  ///< IANA; used when the citizen's own is unknown
};

/// A bearer key as stored: its secret exists only as a SHA-256 hash.
struct ApiKey {
  std::string id;  ///< the 8 public characters
  TenantId tenant;
  std::string label;
  std::string kind;  ///< "live", "team" or "test"
  std::string secret_hash_hex;
  Instant created_at{};
  std::optional<Instant> expires_at;
  std::optional<Instant> revoked_at;
};

/// The row that heads a citizen's stream.
struct Citizen {
  CitizenId id;
  TenantId tenant;
  std::string reference;      ///< the administration's own name for the person; sealed at rest
  std::uint32_t version = 0;  ///< number of events
  boost::json::object profile;  ///< the folded profile as JSON; sealed at rest
  std::optional<Instant> reevaluate_at;
  /// Fingerprint of the rules by which the deadlines were last computed; empty: unknown.
  std::string rulebook;
  /// Digest of what those rules said (rules::RuleBook::digest); empty: unknown. Sealed at rest.
  std::string evaluation;
};

/// A citizen and whose they are.
struct CitizenKey {
  TenantId tenant;
  CitizenId citizen;
  auto operator<=>(const CitizenKey&) const = default;
};

/// Ownership of a shard by a node, from the database clock. Every fenced write names (shard, epoch).
struct Lease {
  Shard shard;
  std::uint64_t epoch = 0;
  Instant expires_at{};
};

/// What the timer wheel needs to know of a row that will want attention.
enum class WorkKind : std::uint8_t { remind, retry, reevaluate, escalate };
struct Work {
  WorkKind kind = WorkKind::remind;
  TenantId tenant;
  IdBytes id{};  ///< a ReminderId, or a CitizenId for reevaluate
  Instant at{};
  std::uint32_t attempt = 0;
};

/// A reminder taken for sending, with all that dispatch needs to decide and to render.
struct ClaimedReminder {
  TenantId tenant;
  Reminder reminder;  ///< state claimed, attempt already advanced
  Citizen citizen;
  std::optional<Deadline> deadline;
  /// An earlier crash or answer left this attempt series undecided (state was `unknown`).
  bool outcome_unknown = false;
  /// The attempt series begun so far, each with the channel, notifier and address it went by.
  std::vector<Delivery> series;
  /// False when a sealed fact of it does not open: then only what is stored in the clear is here.
  bool readable = true;
};

/// One message about to leave: written before the sender sees it.
struct Flight {
  TenantId tenant;
  Delivery delivery;
  std::uint32_t attempt = 0;        ///< the reminder's; must still match
  std::uint32_t channel_index = 0;  ///< the series it leaves by: doubt after a crash is about this one
};

/// How one claimed or in-flight reminder goes on. Applied only if the row still has this attempt
/// and the shard still has the lease's epoch. A row that a recovery made unknown meanwhile takes the
/// late outcome of that very attempt.
struct Settlement {
  TenantId tenant;
  ReminderId reminder;
  Instant due_at{};
  std::uint32_t attempt = 0;
  ReminderState to = ReminderState::sent;
  std::string reason;
  Instant next_at{};                ///< with retry_wait or planned (channel fallback)
  std::uint32_t channel_index = 0;  ///< the series that the next attempt belongs to
  std::uint32_t tries = 0;          ///< answers the provider of this series has given so far
  std::optional<Delivery> delivery;  ///< its final form for this attempt, when one was begun
  std::optional<InboxMessage> inbox;
  std::optional<Task> task;
  std::optional<Event> event;  ///< appended to the citizen's stream in the same transaction
};

struct IdempotentAnswer {
  std::string request_hash_hex;
  int status = 0;
  std::string body;
};

/// A page of rows; `next` is empty on the last one.
template <typename T>
struct Page {
  std::vector<T> items;
  std::string next;
};

struct PageRequest {
  std::size_t limit = 50;
  std::string cursor;
};
inline constexpr std::size_t page_items_max = 200;

/// One writing transaction on one shard for one tenant. Begun transactions of one shard take turns
/// (each holds the shard's head from its first call to its end); different shards never wait for
/// each other. Destroyed without commit() = rolled back.
class Transaction {
 public:
  virtual ~Transaction() = default;

  /// Of these citizens, those who exist, by their ids.
  [[nodiscard]] virtual std::vector<Citizen> citizens(std::span<const CitizenId> ids) = 0;
  [[nodiscard]] virtual std::vector<Event> events(CitizenId id) = 0;
  [[nodiscard]] virtual std::vector<Deadline> deadlines(std::span<const CitizenId> ids) = 0;
  /// All reminders of the citizens that are not final, and the final ones of deadlines that are open
  /// or may open again, so that planning anew sees what was already sent or withdrawn.
  [[nodiscard]] virtual std::vector<Reminder> reminders(std::span<const CitizenId> ids) = 0;
  [[nodiscard]] virtual std::optional<IdempotentAnswer> idempotent_answer(
      std::string_view key_hash_hex) = 0;

  /// Registers a new citizen under a reference and makes its key. The id's shard must be ours.
  virtual void create_citizen(const Citizen& citizen) = 0;
  /// Stores all but the reference of an existing citizen.
  virtual void save_citizen(const Citizen& citizen) = 0;
  /// Stores reevaluate_at, rulebook and evaluation alone, of existing citizens.
  virtual void save_evaluations(std::span<const Citizen> citizens) = 0;
  /// Gives each event its position and version (in place) and stores it.
  virtual void append(std::span<Event> events) = 0;
  virtual void upsert(std::span<const Deadline> deadlines) = 0;
  /// Inserts, re-dates or closes reminders (see store/merge.hpp). A row that is not pending any more
  /// stays as it is, but for one of unknown outcome, which may be closed. A claimed row that changes
  /// is planned again, so that what was rendered from its old form cannot leave. Attempt and channel
  /// of an existing row stay; next_at is never before due_at.
  virtual void upsert(std::span<const Reminder> reminders) = 0;
  virtual void add_task(const Task& task) = 0;
  virtual void remember(std::string_view key_hash_hex, const IdempotentAnswer& answer,
                        Instant now) = 0;

  /// Throws StoreUnavailable when the fate is not known.
  virtual void commit() = 0;

  // Of one citizen alone.
  [[nodiscard]] std::optional<Citizen> citizen(CitizenId id) {
    auto found = citizens({&id, 1});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
  }
  [[nodiscard]] std::vector<Deadline> deadlines(CitizenId id) { return deadlines({&id, 1}); }
  [[nodiscard]] std::vector<Reminder> reminders(CitizenId id) { return reminders({&id, 1}); }
};

/// Everything the other modules may ask of the truth.
class Store {
 public:
  virtual ~Store() = default;

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
  [[nodiscard]] virtual std::optional<Citizen> read_citizen(TenantId tenant, CitizenId id) = 0;
  [[nodiscard]] virtual Page<Event> read_events(TenantId tenant, CitizenId id,
                                                const PageRequest& page) = 0;
  [[nodiscard]] virtual Page<Deadline> read_deadlines(TenantId tenant, CitizenId id,
                                                      const PageRequest& page) = 0;
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
  /// claimed → in_flight and the delivery's row, in one transaction, for the rows whose attempt and
  /// epoch still match. Returns which of the flights may leave: the others were cancelled meanwhile.
  [[nodiscard]] virtual std::vector<ReminderId> begin_flight(const Lease& fence,
                                                             std::span<const Flight> flights,
                                                             Instant now) = 0;
  /// Applies outcomes; returns the reminders that were really changed. A stale fence changes nothing.
  virtual std::vector<ReminderId> settle(const Lease& fence,
                                         std::span<const Settlement> settlements, Instant now) = 0;

  // --- after a change of the rules --------------------------------------------------------------
  /// Citizens of a shard whose deadlines were computed by other rules than `rulebook`, in the order
  /// of their keys, after `after`; at most `limit`.
  [[nodiscard]] virtual std::vector<CitizenKey> outdated(Shard shard, std::string_view rulebook,
                                                         const std::optional<CitizenKey>& after,
                                                         std::size_t limit) = 0;

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
