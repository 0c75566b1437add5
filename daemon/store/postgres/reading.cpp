// SPDX-License-Identifier: Apache-2.0
#include "schema/sql.hpp"
#include "store/cursor.hpp"
#include "store/postgres/state.hpp"

// The read side of PostgresStore: one tenant, one shard, one connection for the length of a call.

namespace rappel::store {

using namespace postgres;

namespace {

Instant instant_of_key(std::int64_t key) {
  return key == INT64_MIN ? Instant::min() : Instant{std::chrono::microseconds{key}};
}

/// PostgreSQL's own beginning of dates, or the day that a cursor names.
std::string date_of_key(std::int64_t key) {
  if (key == INT64_MIN) return "-infinity";
  if (key < -1'000'000 || key > 2'900'000) throw BadCursor();
  return to_iso(CivilDate{std::chrono::sys_days{std::chrono::days{key}}});
}

Instant checked_instant(const Cursor& cursor) {
  const Instant instant = instant_of_key(cursor.key);
  static constexpr std::chrono::days range{2'900'000};
  if (cursor.key != INT64_MIN && (instant > Instant{range} || instant < Instant{-range / 4}))
    throw BadCursor();
  return instant;
}

/// Cuts the row beyond the limit off and names the last one as the cursor.
template <typename T, typename Read, typename KeyOf>
Page<T> page_of(const pqxx::result& rows, std::size_t limit, Read read, KeyOf key_of) {
  Page<T> page;
  for (const auto& row : rows) {
    if (page.items.size() == limit) {
      page.next = to_string(key_of(page.items.back()));
      break;
    }
    page.items.push_back(read(row));
  }
  return page;
}

}  // namespace

Shard PostgresStore::shard_of(TenantId tenant, std::string_view reference) {
  return state_->keyring.index.shard(tenant, reference);
}

std::optional<CitizenId> PostgresStore::find_citizen(TenantId tenant, std::string_view reference) {
  const auto index = state_->keyring.index.index(tenant, reference);
  return state_->read(tenant, [&](Session& session, Sealer&) -> std::optional<CitizenId> {
    const auto rows =
        session.run(sql::find_citizen, Shard{index[0]}, tenant,
                    to_bytea({reinterpret_cast<const char*>(index.data()), index.size()}));
    if (rows.empty()) return std::nullopt;
    return id_of<CitizenId>(rows[0]["id"]);
  });
}

std::vector<Citizen> PostgresStore::read_citizens(TenantId tenant,
                                                  std::span<const CitizenId> ids) {
  if (ids.empty()) return {};
  return state_->read(tenant, [&](Session& session, Sealer& sealer) {
    return postgres::read_citizens(sealer, tenant,
                                   session.run(sql::select_citizens, ids.front().shard(), tenant,
                                               uuid_array(ids)));
  });
}

Page<Event> PostgresStore::read_events(TenantId tenant, CitizenId id, const PageRequest& request) {
  const Cursor from = parse_cursor(request.cursor);
  const std::size_t limit = page_limit(request);
  return state_->read(tenant, [&](Session& session, Sealer& sealer) {
    learn_keys(session, sealer, id.shard(), {{tenant, id}});
    const auto rows = session.run(sql::select_events, id.shard(), tenant, id,
                                  std::max<std::int64_t>(from.key, 0), limit + 1);
    return page_of<Event>(
        rows, limit, [&](const pqxx::row& row) { return read_event(sealer, tenant, row); },
        [](const Event& event) { return Cursor{event.version, event.id.bytes()}; });
  });
}

Page<Deadline> PostgresStore::read_deadlines(TenantId tenant, CitizenId id,
                                             const PageRequest& request) {
  const Cursor from = parse_cursor(request.cursor);
  const std::size_t limit = page_limit(request);
  const auto after = date_of_key(from.key);
  return state_->read(tenant, [&](Session& session, Sealer& sealer) {
    learn_keys(session, sealer, id.shard(), {{tenant, id}});
    const auto rows = session.run(sql::page_deadlines, id.shard(), tenant, id, after,
                                  format_uuid(from.id), limit + 1);
    return page_of<Deadline>(
        rows, limit,
        [&](const pqxx::row& row) { return postgres::read_deadline(sealer, {tenant, id}, row); },
        [](const Deadline& deadline) {
          return Cursor{sort_key(deadline.due_on), deadline.id.bytes()};
        });
  });
}

std::optional<Deadline> PostgresStore::read_deadline(TenantId tenant, CitizenId citizen,
                                                     DeadlineId id) {
  return state_->read(tenant, [&](Session& session, Sealer& sealer) -> std::optional<Deadline> {
    const auto rows = session.run(sql::select_deadline, citizen.shard(), tenant, citizen, id);
    if (rows.empty()) return std::nullopt;
    learn_keys(session, sealer, citizen.shard(), {{tenant, citizen}});
    return postgres::read_deadline(sealer, {tenant, citizen}, rows[0]);
  });
}

Page<Reminder> PostgresStore::read_reminders(TenantId tenant, CitizenId id,
                                             const PageRequest& request) {
  const Cursor from = parse_cursor(request.cursor);
  const std::size_t limit = page_limit(request);
  const auto after = checked_instant(from);
  return state_->read(tenant, [&](Session& session, Sealer& sealer) {
    learn_keys(session, sealer, id.shard(), {{tenant, id}});
    const auto rows = session.run(sql::page_reminders, id.shard(), tenant, id, after,
                                  format_uuid(from.id), limit + 1);
    return page_of<Reminder>(
        rows, limit,
        [&](const pqxx::row& row) { return postgres::read_reminder(sealer, tenant, row); },
        [](const Reminder& reminder) {
          return Cursor{sort_key(reminder.due_at), reminder.id.bytes()};
        });
  });
}

std::optional<Reminder> PostgresStore::read_reminder(TenantId tenant, ReminderId id) {
  return state_->read(tenant, [&](Session& session, Sealer& sealer) -> std::optional<Reminder> {
    const std::vector ids{id};
    const auto rows =
        session.run(sql::select_reminders_by_id, id.shard(), tenant, uuid_array(ids));
    if (rows.empty()) return std::nullopt;
    learn_keys(session, sealer, id.shard(), {{tenant, id_of<CitizenId>(rows[0]["citizen"])}});
    return postgres::read_reminder(sealer, tenant, rows[0]);
  });
}

std::optional<Delivery> PostgresStore::read_delivery(TenantId tenant, DeliveryId id) {
  return state_->read(tenant, [&](Session& session, Sealer& sealer) -> std::optional<Delivery> {
    const auto rows = session.run(sql::select_delivery, id.shard(), tenant, id);
    if (rows.empty()) return std::nullopt;
    learn_keys(session, sealer, id.shard(), {{tenant, id_of<CitizenId>(rows[0]["citizen"])}});
    return postgres::read_delivery(sealer, tenant, rows[0]);
  });
}

std::vector<Delivery> PostgresStore::read_deliveries(TenantId tenant, ReminderId id) {
  return state_->read(tenant, [&](Session& session, Sealer& sealer) {
    std::vector<Delivery> deliveries;
    for (const auto& row : session.run(sql::select_deliveries, id.shard(), tenant, id)) {
      learn_keys(session, sealer, id.shard(), {{tenant, id_of<CitizenId>(row["citizen"])}});
      deliveries.push_back(postgres::read_delivery(sealer, tenant, row));
    }
    return deliveries;
  });
}

Page<InboxMessage> PostgresStore::read_inbox(TenantId tenant, CitizenId id,
                                             const PageRequest& request) {
  const Cursor from = parse_cursor(request.cursor);
  const std::size_t limit = page_limit(request);
  const auto after = checked_instant(from);
  return state_->read(tenant, [&](Session& session, Sealer& sealer) {
    learn_keys(session, sealer, id.shard(), {{tenant, id}});
    const auto rows = session.run(sql::page_inbox, id.shard(), tenant, id, after,
                                  format_uuid(from.id), limit + 1);
    return page_of<InboxMessage>(
        rows, limit,
        [&](const pqxx::row& row) { return read_inbox_message(sealer, tenant, row); },
        [](const InboxMessage& message) {
          return Cursor{sort_key(message.stored_at), message.id.bytes()};
        });
  });
}

Page<Task> PostgresStore::read_tasks(TenantId tenant, const PageRequest& request) {
  const Cursor from = parse_cursor(request.cursor);
  const std::size_t limit = page_limit(request);
  const auto after = checked_instant(from);
  return state_->read(tenant, [&](Session& session, Sealer& sealer) {
    const auto rows =
        session.run(sql::page_tasks, tenant, after, format_uuid(from.id), limit + 1);
    for (const auto& row : rows)
      sealer.learn({tenant, id_of<CitizenId>(row["citizen"])}, row["wrapped"]);
    return page_of<Task>(
        rows, limit, [&](const pqxx::row& row) { return read_task(sealer, tenant, row); },
        [](const Task& task) { return Cursor{sort_key(task.created_at), task.id.bytes()}; });
  });
}

}  // namespace rappel::store
