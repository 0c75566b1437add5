// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/outcome_rows.hpp"

#include <boost/json/serialize.hpp>

#include "schema/sql.hpp"

namespace rappel::store::postgres {
namespace {

boost::json::object outcome_row(TenantId tenant, const Delivery& delivery) {
  return {{"tenant", tenant.to_string()},
          {"id", delivery.id.to_string()},
          {"due_at", to_rfc3339(delivery.due_at)},
          {"state", to_string(delivery.state)},
          {"attempt", delivery.attempt},
          {"provider_id", delivery.provider_id},
          {"result", delivery.result},
          {"detail", delivery.detail},
          {"finished_at", delivery.finished_at ? boost::json::value(to_rfc3339(*delivery.finished_at))
                                               : boost::json::value(nullptr)}};
}

}  // namespace

boost::json::object settle_row(const Settlement& settlement) {
  const bool waits = settlement.to == ReminderState::planned ||
                     settlement.to == ReminderState::retry_wait ||
                     settlement.to == ReminderState::unknown;
  return {{"tenant", settlement.tenant.to_string()},
          {"id", settlement.reminder.to_string()},
          {"due_at", to_rfc3339(settlement.due_at)},
          {"expected", settlement.attempt},
          {"state", to_string(settlement.to)},
          {"reason", settlement.reason},
          {"next_at", waits ? boost::json::value(to_rfc3339(settlement.next_at))
                            : boost::json::value(nullptr)},
          {"channel_index", settlement.channel_index},
          {"tries", settlement.tries}};
}

void Consequences::begin(const Sealer& sealer, TenantId tenant, const Delivery& delivery) {
  begun_.push_back(row_of(sealer, tenant, delivery));
}

void Consequences::add(const Sealer& sealer, const Settlement& settlement, CitizenId citizen) {
  const TenantId tenant = settlement.tenant;
  if (settlement.delivery) outcomes_.push_back(outcome_row(tenant, *settlement.delivery));
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
  put(sql::upsert_deliveries, begun_);
  put(sql::update_deliveries, outcomes_);
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
    rows_[reminder.id] = {{"tenant", claimed.tenant.to_string()},
                          {"id", reminder.id.to_string()},
                          {"due_at", to_rfc3339(reminder.due_at)},
                          {"state", to_string(ReminderState::claimed)},
                          {"attempt", reminder.attempt},
                          {"doubtful", claimed.outcome_unknown},
                          {"channel_index", reminder.channel_index}};
  }
}

void TakenRows::fly(const Flight& flight) {
  auto& row = rows_.at(flight.delivery.reminder);
  row["state"] = to_string(ReminderState::in_flight);
  row["channel_index"] = flight.channel_index;
}

void TakenRows::settle(const Settlement& settlement) {
  auto& row = rows_.at(settlement.reminder);
  for (const auto& member : settle_row(settlement)) {
    if (member.key() != "expected") row[member.key()] = member.value();
  }
}

std::string TakenRows::json() const {
  boost::json::array rows;
  for (const auto& [id, row] : rows_) rows.push_back(row);
  return boost::json::serialize(rows);
}

}  // namespace rappel::store::postgres
