// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "conformance/subject.hpp"

// Rows to write and ways to compare them.

namespace conformance {

using namespace rappel;
using store::Lease;
using store::Store;
using store::Transaction;

inline Instant at(const char* text) { return parse_rfc3339(text).value(); }
inline CivilDate day(const char* text) { return parse_iso_date(text).value(); }

inline const Instant noon = at("2026-11-24T12:00:00Z");
/// Every final reminder is asked for.
inline const CivilDate long_ago{std::chrono::year{2000} / 1 / 1};

store::Tenant sample_tenant(const std::string& slug);
store::Citizen sample_citizen(Store& store, TenantId tenant, const std::string& reference);
Event sample_event(const store::Citizen& citizen, const std::string& type = "child.born");
Deadline sample_deadline(const store::Citizen& citizen, const std::string& subject = "card-1");
Reminder sample_reminder(const store::Citizen& citizen, const std::string& stage, Instant due);
Delivery sample_delivery(const Reminder& reminder, std::uint32_t channel_index = 0);
Task sample_task(const Reminder& reminder);
InboxMessage sample_inbox(const Reminder& reminder, const std::string& title = "Votre carte");
store::Settlement settlement_of(const store::ClaimedReminder& claimed, ReminderState to);

/// Every field as text, so that two rows are compared whole and a difference can be read.
std::string describe(const store::Citizen& citizen);
std::string describe(const Event& event);
std::string describe(const Deadline& deadline);
std::string describe(const Reminder& reminder);
std::string describe(const Delivery& delivery);
std::string describe(const InboxMessage& message);
std::string describe(const Task& task);

/// A store with one tenant and one citizen, and shorthands for what tests do to them.
struct World {
  std::unique_ptr<Subject> subject = make_subject();
  Store& store = subject->store();
  store::Tenant tenant = sample_tenant("mairie-demo");
  store::Citizen citizen;
  NodeId node = NodeId::random();

  World();
  [[nodiscard]] Shard shard() const { return citizen.id.shard(); }
  std::unique_ptr<Transaction> begin() { return store.begin(shard(), tenant.id, noon); }
  void plan(const std::vector<Reminder>& reminders);
  void plan(const Deadline& deadline);
  Reminder plan(const std::string& stage, Instant due);
  /// A lease on the citizen's shard, for one minute.
  Lease lease();
  store::ClaimedReminder claim_one(const Lease& fence, ReminderId id, Instant now);
  bool fly(const Lease& fence, const store::ClaimedReminder& claimed);
  Reminder read(ReminderId id) { return store.read_reminder(tenant.id, id).value(); }
};

}  // namespace conformance
