// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/problem.hpp"
#include "profile/event.hpp"
#include "reminder/deadline.hpp"
#include "reminder/delivery.hpp"
#include "reminder/reminder.hpp"
#include "reminder/task.hpp"
#include "store/errors.hpp"
#include "store/restraints.hpp"

// What the store takes and gives.

namespace rappel::store {

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
  /// What was kept of what those rules said (planner/works.hpp); empty: unknown. Sealed at rest.
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
  /// Of its citizen, but for the batch it is taken with; those that failed are left out.
  std::vector<RecentMessage> recent;
  /// Those that hold at this instant, of every tenant; null: none.
  std::shared_ptr<const std::vector<Silence>> silences;
};

/// One message about to leave: written before the sender sees it.
struct Flight {
  TenantId tenant;
  Delivery delivery;
  std::uint32_t attempt = 0;        ///< the reminder's; must still match
  std::uint32_t channel_index = 0;  ///< the series it leaves by: doubt after a crash is about this one
  /// The citizen as the message was decided for; with another version it may not leave any more.
  std::optional<std::uint32_t> citizen_version = std::nullopt;
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
  bool reevaluate = false;     ///< the event changes what is planned: the citizen is marked for it
};

struct IdempotentAnswer {
  std::string request_hash_hex;
  int status = 0;
  std::string body;
};

}  // namespace rappel::store
