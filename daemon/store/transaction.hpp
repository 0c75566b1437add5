// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "store/records.hpp"

namespace rappel::store {

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
  /// All reminders of the citizens that are still to be sent or in doubt, and the settled ones of a
  /// deadline whose limit (due_on) was not before `since`: a deadline that opens again must see what
  /// was sent or withdrawn for the same day, whatever it was meanwhile.
  [[nodiscard]] virtual std::vector<Reminder> reminders(std::span<const CitizenId> ids,
                                                        CivilDate since) = 0;
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

  // Many reminders of many citizens at once, as an import brings them.

  /// The citizens of these references, in their order; nothing where there is none in this shard.
  [[nodiscard]] virtual std::vector<std::optional<CitizenId>> find_citizens(
      std::span<const std::string> references) = 0;
  /// Of these reminders, those that are stored, in any order.
  [[nodiscard]] virtual std::vector<Reminder> reminders(std::span<const ReminderId> ids) = 0;
  /// How many reminders of each citizen wait to be sent (is_pending), in their order.
  [[nodiscard]] virtual std::vector<std::size_t> waiting(std::span<const CitizenId> ids) = 0;
  /// Stores reminders that a person scheduled (is_scheduled) and whose ids are not stored yet.
  virtual void schedule(std::span<const Reminder> reminders) = 0;

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
  [[nodiscard]] std::vector<Reminder> reminders(CitizenId id, CivilDate since) {
    return reminders({&id, 1}, since);
  }
};

}  // namespace rappel::store
