// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/state.hpp"

#include "schema/sql.hpp"
#include "store/postgres/column.hpp"

namespace rappel::store::postgres {

int Months::number(Instant instant) {
  const CivilDate date{std::chrono::floor<std::chrono::days>(instant)};
  return int(date.year()) * 12 + int(unsigned(date.month())) - 1;
}

bool Months::knows(int month) {
  const std::lock_guard lock(mutex_);
  return known_.contains(month);
}

void Months::add(const std::set<int>& months) {
  const std::lock_guard lock(mutex_);
  known_.insert(months.begin(), months.end());
}

void Months::forget() {
  const std::lock_guard lock(mutex_);
  known_.clear();
}

void learn_keys(Session& session, Sealer& sealer, Shard shard, const std::vector<Whose>& wanted) {
  Column tenants{Column::Type::uuid}, citizens{Column::Type::uuid};
  std::set<std::pair<TenantId, CitizenId>> asked;
  for (const auto& whose : wanted) {
    if (sealer.knows(whose) || !asked.emplace(whose.tenant, whose.citizen).second) continue;
    tenants.add(whose.tenant);
    citizens.add(whose.citizen);
  }
  if (tenants.size() == 0) return;
  for (const auto& row : session.run(sql::select_keys_of_citizens, shard, tenants, citizens)) {
    sealer.learn({id_of<TenantId>(row["tenant"]), id_of<CitizenId>(row["citizen"])},
                 row["wrapped"]);
  }
}

namespace {

using Versions = std::map<std::pair<TenantId, CitizenId>, std::uint32_t>;

/// Gives each citizen room for so many new events; returns the versions before them.
Versions advance_versions(Session& session, Shard shard, const Versions& added) {
  Column tenants{Column::Type::uuid}, citizens{Column::Type::uuid}, counts{Column::Type::integer};
  for (const auto& [whose, count] : added) {
    tenants.add(whose.first);
    citizens.add(whose.second);
    counts.add(count);
  }
  Versions before;
  for (const auto& row : session.run(sql::advance_versions, shard, tenants, citizens, counts)) {
    const std::pair whose{id_of<TenantId>(row["tenant"]), id_of<CitizenId>(row["id"])};
    before[whose] = row["version"].as<std::uint32_t>() - added.at(whose);
  }
  return before;
}

void insert_events(Session& session, const Sealer& sealer, Shard shard,
                   std::span<const TenantId> tenants, std::span<const Event> events) {
  using Type = Column::Type;
  Column position{Type::bigint}, tenant{Type::uuid}, citizen{Type::uuid}, version{Type::integer},
      id{Type::uuid}, type{Type::text}, occurred_at{Type::instant}, recorded_at{Type::instant},
      source{Type::text}, data{Type::bytes};
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Event& event = events[i];
    position.add(event.position);
    tenant.add(tenants[i]);
    citizen.add(event.citizen);
    version.add(event.version);
    id.add(event.id);
    type.add(event.type);
    occurred_at.add(event.occurred_at);
    recorded_at.add(event.recorded_at);
    source.add(event.source);
    data.add_bytes(sealer.seal_bytes({tenants[i], event.citizen}, "event.data",
                                     event.id.to_string(), event.data));
  }
  session.run(sql::insert_events, shard, position, tenant, citizen, version, id, type, occurred_at,
              recorded_at, source, data);
}

}  // namespace

std::uint64_t append_events(Session& session, Sealer& sealer, Shard shard,
                            std::span<const TenantId> tenants, std::span<Event> events,
                            std::uint64_t head) {
  Versions added;
  std::vector<Whose> owners;
  for (std::size_t i = 0; i < events.size(); ++i) {
    ++added[{tenants[i], events[i].citizen}];
    owners.push_back({tenants[i], events[i].citizen});
  }
  auto versions = advance_versions(session, shard, added);
  learn_keys(session, sealer, shard, owners);
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i].position = ++head;
    events[i].version = ++versions[{tenants[i], events[i].citizen}];
  }
  insert_events(session, sealer, shard, tenants, events);
  session.run(sql::move_head, shard, head + 1);
  return head;
}

}  // namespace rappel::store::postgres
