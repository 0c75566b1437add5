// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/array.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/postgres/column.hpp"
#include "store/postgres/state.hpp"

// The rows that a batch of the send side changes, gathered by table so that each is one statement.

namespace rappel::store::postgres {

/// The outcomes of reminders whose rows may have changed meanwhile: they say which attempt they are of.
class SettledRows {
 public:
  void add(const Settlement& settlement);
  /// The rows that were really changed: tenant, id, citizen.
  [[nodiscard]] pqxx::result write(Session& session, Shard shard) const;

 private:
  Column tenant_{Column::Type::uuid}, id_{Column::Type::uuid}, due_at_{Column::Type::instant},
      expected_{Column::Type::integer}, state_{Column::Type::text}, reason_{Column::Type::text},
      next_at_{Column::Type::instant}, channel_index_{Column::Type::integer},
      tries_{Column::Type::integer};
};

/// Deliveries that begin, or that are asked about again.
class BegunRows {
 public:
  void add(const Sealer& sealer, TenantId tenant, const Delivery& delivery);
  void write(Session& session, Shard shard) const;

 private:
  Column tenant_{Column::Type::uuid}, id_{Column::Type::uuid}, due_at_{Column::Type::instant},
      reminder_{Column::Type::uuid}, citizen_{Column::Type::uuid}, notifier_{Column::Type::text},
      channel_{Column::Type::text}, state_{Column::Type::text}, attempt_{Column::Type::integer},
      idempotency_key_{Column::Type::text}, provider_id_{Column::Type::text},
      result_{Column::Type::text}, detail_{Column::Type::text}, language_{Column::Type::text},
      template_version_{Column::Type::text}, sms_segments_{Column::Type::integer},
      started_at_{Column::Type::instant}, finished_at_{Column::Type::instant},
      record_{Column::Type::bytes};
};

/// What became of deliveries that were begun.
class FinishedRows {
 public:
  void add(TenantId tenant, const Delivery& delivery);
  void write(Session& session, Shard shard) const;

 private:
  Column tenant_{Column::Type::uuid}, id_{Column::Type::uuid}, due_at_{Column::Type::instant},
      state_{Column::Type::text}, attempt_{Column::Type::integer}, provider_id_{Column::Type::text},
      result_{Column::Type::text}, detail_{Column::Type::text}, finished_at_{Column::Type::instant};
};

/// What a batch of outcomes brings with it.
class Consequences {
 public:
  /// A delivery that begins.
  void begin(const Sealer& sealer, TenantId tenant, const Delivery& delivery) {
    begun_.add(sealer, tenant, delivery);
  }
  void add(const Sealer& sealer, const Settlement& settlement, CitizenId citizen);
  /// `next_position` is that of the shard's next event.
  void write(Session& session, Sealer& sealer, Shard shard, std::uint64_t next_position, Instant now);

 private:
  BegunRows begun_;
  FinishedRows finished_;
  boost::json::array inbox_;
  boost::json::array tasks_;
  boost::json::array reevaluated_;
  std::vector<TenantId> event_tenants_;
  std::vector<Event> events_;
};

/// The rows of a batch as they are written at its end: claimed, unless something was decided of them.
class TakenRows {
 public:
  explicit TakenRows(const std::vector<ClaimedReminder>& batch);
  void fly(const Flight& flight);
  void settle(const Settlement& settlement);
  void write(Session& session, Shard shard) const;

 private:
  struct Row {
    TenantId tenant;
    Instant due_at;
    ReminderState state = ReminderState::claimed;
    std::uint32_t attempt = 0;
    bool doubtful = false;
    std::uint32_t channel_index = 0;
    // Only of what was settled.
    std::optional<std::string> reason;
    std::optional<std::uint32_t> tries;
    std::optional<Instant> next_at;
  };
  std::unordered_map<ReminderId, Row> rows_;
};

}  // namespace rappel::store::postgres
