// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/postgres/column.hpp"
#include "store/postgres/state.hpp"

// The rows that planning writes, gathered by table so that each is one statement. All are of one tenant.

namespace rappel::store::postgres {

class DeadlineRows {
 public:
  void add(const Sealer& sealer, TenantId tenant, const Deadline& deadline);
  void write(Session& session, Shard shard, TenantId tenant) const;

 private:
  Column id_{Column::Type::uuid}, citizen_{Column::Type::uuid}, rule_{Column::Type::text},
      rule_version_{Column::Type::integer}, subject_{Column::Type::text},
      occurrence_{Column::Type::text}, opens_on_{Column::Type::date}, due_on_{Column::Type::date},
      safe_on_{Column::Type::date}, state_{Column::Type::text}, statutory_{Column::Type::boolean},
      topic_{Column::Type::text}, explanation_{Column::Type::bytes};
};

/// Reminders that are stored for the first time, or again.
class ReminderRows {
 public:
  void add(const Sealer& sealer, TenantId tenant, const Reminder& reminder);
  void insert(Session& session, Shard shard, TenantId tenant) const;
  /// `old_due_at`: under which date each of them stands.
  void update(Session& session, Shard shard, TenantId tenant, const Column& old_due_at) const;

 private:
  Column id_{Column::Type::uuid}, due_at_{Column::Type::instant}, citizen_{Column::Type::uuid},
      deadline_{Column::Type::uuid}, stage_{Column::Type::text}, message_{Column::Type::text},
      topic_{Column::Type::text}, lane_{Column::Type::text}, statutory_{Column::Type::boolean},
      misfire_{Column::Type::text}, next_at_{Column::Type::instant},
      expires_at_{Column::Type::instant}, due_on_{Column::Type::date}, channels_{Column::Type::text},
      state_{Column::Type::text}, state_reason_{Column::Type::text},
      attempt_{Column::Type::integer}, channel_index_{Column::Type::integer},
      values_{Column::Type::bytes};
};

}  // namespace rappel::store::postgres
