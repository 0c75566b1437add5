// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/outcome_rows.hpp"

#include <boost/json/serialize.hpp>

#include "schema/sql.hpp"

namespace rappel::store::postgres {
namespace {

/// When the reminder wants attention again; nothing when its road ends.
std::optional<Instant> next_of(const Settlement& settlement) {
  const bool waits = settlement.to == ReminderState::planned ||
                     settlement.to == ReminderState::retry_wait ||
                     settlement.to == ReminderState::unknown;
  if (!waits) return std::nullopt;
  return settlement.next_at;
}

}  // namespace

void SettledRows::add(const Settlement& settlement) {
  tenant_.add(settlement.tenant);
  id_.add(settlement.reminder);
  due_at_.add(settlement.due_at);
  expected_.add(settlement.attempt);
  state_.add(to_string(settlement.to));
  reason_.add(settlement.reason);
  next_at_.add(next_of(settlement));
  channel_index_.add(settlement.channel_index);
  tries_.add(settlement.tries);
}

pqxx::result SettledRows::write(Session& session, Shard shard) const {
  return session.run(sql::settle, shard, tenant_, id_, due_at_, expected_, state_, reason_, next_at_,
                     channel_index_, tries_);
}

void BegunRows::add(const Sealer& sealer, TenantId tenant, const Delivery& delivery) {
  tenant_.add(tenant);
  id_.add(delivery.id);
  due_at_.add(delivery.due_at);
  reminder_.add(delivery.reminder);
  citizen_.add(delivery.citizen);
  notifier_.add(delivery.notifier);
  channel_.add(to_string(delivery.channel));
  state_.add(to_string(delivery.state));
  attempt_.add(delivery.attempt);
  idempotency_key_.add(delivery.idempotency_key);
  provider_id_.add(delivery.provider_id);
  result_.add(delivery.result);
  detail_.add(delivery.detail);
  language_.add(delivery.language);
  template_version_.add(delivery.template_version);
  sms_segments_.add(delivery.sms_segments);
  started_at_.add(delivery.started_at);
  finished_at_.add(delivery.finished_at);
  record_.add_bytes(sealer.seal_bytes({tenant, delivery.citizen}, "delivery.record",
                                      delivery.id.to_string(), delivery.record));
}

void BegunRows::write(Session& session, Shard shard) const {
  if (tenant_.size() == 0) return;
  session.run(sql::upsert_deliveries, shard, tenant_, id_, due_at_, reminder_, citizen_, notifier_,
              channel_, state_, attempt_, idempotency_key_, provider_id_, result_, detail_, language_,
              template_version_, sms_segments_, started_at_, finished_at_, record_);
}

void FinishedRows::add(TenantId tenant, const Delivery& delivery) {
  tenant_.add(tenant);
  id_.add(delivery.id);
  due_at_.add(delivery.due_at);
  state_.add(to_string(delivery.state));
  attempt_.add(delivery.attempt);
  provider_id_.add(delivery.provider_id);
  result_.add(delivery.result);
  detail_.add(delivery.detail);
  finished_at_.add(delivery.finished_at);
}

void FinishedRows::write(Session& session, Shard shard) const {
  if (tenant_.size() == 0) return;
  session.run(sql::update_deliveries, shard, tenant_, id_, due_at_, state_, attempt_, provider_id_,
              result_, detail_, finished_at_);
}

void Consequences::add(const Sealer& sealer, const Settlement& settlement, CitizenId citizen) {
  const TenantId tenant = settlement.tenant;
  if (settlement.delivery) finished_.add(tenant, *settlement.delivery);
  if (settlement.inbox) inbox_.push_back(row_of(sealer, tenant, *settlement.inbox));
  if (settlement.task) tasks_.push_back(row_of(sealer, tenant, *settlement.task));
  if (settlement.event) {
    event_tenants_.push_back(tenant);
    events_.push_back(*settlement.event);
    events_.back().citizen = citizen;
  }
  if (settlement.reevaluate)
    reevaluated_.push_back({{"tenant", tenant.to_string()}, {"citizen", citizen.to_string()}});
}

void Consequences::write(Session& session, Sealer& sealer, Shard shard,
                         std::uint64_t next_position, Instant now) {
  const auto put = [&](const char* sql, const boost::json::array& rows) {
    if (!rows.empty()) session.run(sql, shard, boost::json::serialize(rows));
  };
  begun_.write(session, shard);
  finished_.write(session, shard);
  put(sql::insert_inbox, inbox_);
  put(sql::insert_tasks, tasks_);
  if (!events_.empty())
    append_events(session, sealer, shard, event_tenants_, events_, next_position - 1);
  if (!reevaluated_.empty())
    session.run(sql::reevaluate_soon, shard, boost::json::serialize(reevaluated_), now);
}

TakenRows::TakenRows(const std::vector<ClaimedReminder>& batch) {
  for (const auto& claimed : batch) {
    const Reminder& reminder = claimed.reminder;
    Row row;
    row.tenant = claimed.tenant;
    row.due_at = reminder.due_at;
    row.attempt = reminder.attempt;
    row.doubtful = claimed.outcome_unknown;
    row.channel_index = reminder.channel_index;
    rows_.emplace(reminder.id, std::move(row));
  }
}

void TakenRows::fly(const Flight& flight) {
  Row& row = rows_.at(flight.delivery.reminder);
  row.state = ReminderState::in_flight;
  row.channel_index = flight.channel_index;
}

void TakenRows::settle(const Settlement& settlement) {
  Row& row = rows_.at(settlement.reminder);
  row.state = settlement.to;
  row.channel_index = settlement.channel_index;
  row.reason = settlement.reason;
  row.tries = settlement.tries;
  row.next_at = next_of(settlement);
}

void TakenRows::write(Session& session, Shard shard) const {
  using Type = Column::Type;
  Column tenant{Type::uuid}, id{Type::uuid}, due_at{Type::instant}, state{Type::text},
      reason{Type::text}, attempt{Type::integer}, doubtful{Type::boolean},
      channel_index{Type::integer}, tries{Type::integer}, next_at{Type::instant};
  for (const auto& [reminder, row] : rows_) {
    tenant.add(row.tenant);
    id.add(reminder);
    due_at.add(row.due_at);
    state.add(to_string(row.state));
    reason.add(row.reason);
    attempt.add(row.attempt);
    doubtful.add(row.doubtful);
    channel_index.add(row.channel_index);
    tries.add(row.tries);
    next_at.add(row.next_at);
  }
  session.run(sql::take, shard, tenant, id, due_at, state, reason, attempt, doubtful, channel_index,
              tries, next_at);
}

}  // namespace rappel::store::postgres
