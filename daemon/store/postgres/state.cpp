// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/state.hpp"

#include <boost/json/serialize.hpp>

#include "schema/sql.hpp"

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
  boost::json::array rows;
  std::set<std::pair<TenantId, CitizenId>> asked;
  for (const auto& whose : wanted) {
    if (sealer.knows(whose) || !asked.emplace(whose.tenant, whose.citizen).second) continue;
    rows.push_back({{"tenant", whose.tenant.to_string()}, {"citizen", whose.citizen.to_string()}});
  }
  if (rows.empty()) return;
  for (const auto& row :
       session.run(sql::select_keys_of_citizens, shard, boost::json::serialize(rows))) {
    sealer.learn({id_of<TenantId>(row["tenant"]), id_of<CitizenId>(row["citizen"])},
                 row["wrapped"]);
  }
}

std::uint64_t append_events(Session& session, Sealer& sealer, Shard shard,
                            std::span<const TenantId> tenants, std::span<Event> events,
                            std::uint64_t head) {
  std::map<std::pair<TenantId, CitizenId>, std::uint32_t> added;
  std::vector<Whose> owners;
  for (std::size_t i = 0; i < events.size(); ++i) {
    ++added[{tenants[i], events[i].citizen}];
    owners.push_back({tenants[i], events[i].citizen});
  }
  boost::json::array counts;
  for (const auto& [whose, count] : added) {
    counts.push_back({{"tenant", whose.first.to_string()},
                      {"citizen", whose.second.to_string()},
                      {"count", count}});
  }
  std::map<std::pair<TenantId, CitizenId>, std::uint32_t> versions;
  for (const auto& row :
       session.run(sql::advance_versions, shard, boost::json::serialize(counts))) {
    const std::pair whose{id_of<TenantId>(row["tenant"]), id_of<CitizenId>(row["id"])};
    versions[whose] = row["version"].as<std::uint32_t>() - added.at(whose);
  }
  learn_keys(session, sealer, shard, owners);
  boost::json::array rows;
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i].position = ++head;
    events[i].version = ++versions[{tenants[i], events[i].citizen}];
    rows.push_back(row_of(sealer, tenants[i], events[i]));
  }
  session.run(sql::insert_events, shard, boost::json::serialize(rows));
  session.run(sql::move_head, shard, head + 1);
  return head;
}

}  // namespace rappel::store::postgres
