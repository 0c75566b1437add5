// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <unordered_map>
#include <unordered_set>

#include "base/log.hpp"
#include "schema/sql.hpp"
#include "store/postgres/outcome_rows.hpp"
#include "store/postgres/restraints.hpp"
#include "store/postgres/state.hpp"

// The send side of PostgresStore. Each fenced call is one transaction: the fence, then one statement
// for each table that the whole batch changes.

namespace rappel::store {

using namespace postgres;

namespace {

/// By how much the clock may have been set back between a taking and the recovery from it.
constexpr std::chrono::days clock_set_back_max{1};

/// Locks the shard and checks the lease; the position of its next event, or nothing.
std::optional<std::uint64_t> stand(Session& session, const Lease& fence) {
  const auto rows = session.run(sql::fence, fence.shard, fence.epoch);
  if (rows.empty()) return std::nullopt;
  return rows[0]["next_position"].as<std::uint64_t>();
}

std::string lease_rows(std::span<const Shard> wanted, std::span<const Lease> held) {
  std::map<Shard, std::int64_t> epochs;
  for (const auto& lease : held) epochs[lease.shard] = std::int64_t(lease.epoch);
  boost::json::array rows;
  for (const auto shard : wanted) {
    const auto known = epochs.find(shard);
    rows.push_back({{"shard", shard.number}, {"epoch", known == epochs.end() ? -1 : known->second}});
  }
  return boost::json::serialize(rows);
}

std::string shard_array(std::span<const Shard> shards) {
  std::string literal = "{";
  for (const auto shard : shards) {
    if (literal.size() > 1) literal += ',';
    literal += std::to_string(int(shard.number));
  }
  return literal + "}";
}

std::vector<Lease> read_leases(const pqxx::result& rows) {
  std::vector<Lease> leases;
  for (const auto& row : rows) {
    leases.push_back({Shard{std::uint8_t(row["shard"].as<int>())},
                      row["epoch"].as<std::uint64_t>(), instant_of(row["expires_at"])});
  }
  return leases;
}

ClaimedReminder read_claimed(Sealer& sealer, const pqxx::row& row) {
  const Whose whose{id_of<TenantId>(row["tenant"]), id_of<CitizenId>(row["citizen"])};
  ClaimedReminder claimed;
  claimed.tenant = whose.tenant;
  claimed.outcome_unknown = row["doubtful"].as<bool>();
  try {
    sealer.learn(whose, row["wrapped"]);
    claimed.reminder = read_reminder(sealer, whose.tenant, row);
    claimed.citizen = read_citizen(sealer, whose, row, "c_");
    if (!row["d_id"].is_null()) claimed.deadline = read_deadline(sealer, whose, row, "d_");
  } catch (const Damaged& damaged) {
    // One damaged row must not hold up its neighbours: dispatch hands it to a human.
    log::error("RPL-0201", "reminder {} cannot be opened, a human is told: {}", row["id"].c_str(),
               damaged.what());
    claimed.reminder = read_clear_reminder(row);
    claimed.readable = false;
  }
  return claimed;
}

/// Adds the attempt series that reminders have begun: only those claimed before can have one.
void add_series(Session& session, const Sealer& sealer, Shard shard,
                std::vector<ClaimedReminder>& claimed) {
  boost::json::array rows;
  std::unordered_map<ReminderId, ClaimedReminder*> owners;
  Instant first = Instant::max();
  Instant last = Instant::min();
  for (auto& each : claimed) {
    const Reminder& reminder = each.reminder;
    if (reminder.attempt <= 1 || !each.readable) continue;
    rows.push_back({{"tenant", each.tenant.to_string()},
                    {"reminder", reminder.id.to_string()},
                    {"due_at", to_rfc3339(reminder.due_at)}});
    owners.emplace(reminder.id, &each);
    first = std::min(first, reminder.due_at);
    last = std::max(last, reminder.due_at);
  }
  if (rows.empty()) return;
  for (const auto& row : session.run(sql::claimed_series, shard, boost::json::serialize(rows),
                                     first, last)) {
    ClaimedReminder& owner = *owners.at(id_of<ReminderId>(row["reminder"]));
    try {
      owner.series.push_back(read_delivery(sealer, owner.tenant, row));
    } catch (const Damaged& damaged) {
      log::error("RPL-0202", "a delivery of reminder {} cannot be opened, a human is told: {}",
                 owner.reminder.id.to_string(), damaged.what());
      owner.readable = false;
    }
  }
}

std::vector<Whose> owners_of(const pqxx::result& rows) {
  std::vector<Whose> owners;
  for (const auto& row : rows)
    owners.push_back({id_of<TenantId>(row["tenant"]), id_of<CitizenId>(row["citizen"])});
  return owners;
}

}  // namespace

std::vector<Lease> PostgresStore::acquire(NodeId node, std::span<const Lease> held,
                                          std::span<const Shard> wanted,
                                          std::chrono::milliseconds ttl) {
  if (wanted.empty()) return {};
  auto leases = state_->run(Role::dispatch, std::nullopt, [&](Session& session) {
    return read_leases(
        session.run(sql::renew_leases, node, lease_rows(wanted, held), ttl.count()));
  });
  std::vector<Shard> others;
  for (const auto shard : wanted) {
    const bool renewed = std::any_of(leases.begin(), leases.end(),
                                     [&](const Lease& lease) { return lease.shard == shard; });
    if (!renewed) others.push_back(shard);
  }
  if (others.empty()) return leases;
  // A transaction of its own: a take-over that waits for a node which stopped in the middle of its
  // work may fail, and must not take the renewals with it.
  try {
    const auto taken = state_->run(Role::dispatch, std::nullopt, [&](Session& session) {
      // In order, so that two nodes that ask for everything do not wait in a circle.
      session.run(sql::lock_free_leases, shard_array(others), node);
      return read_leases(session.run(sql::take_leases, node, shard_array(others), ttl.count()));
    });
    leases.insert(leases.end(), taken.begin(), taken.end());
  } catch (const StoreUnavailable&) {
    if (leases.empty()) throw;
  }
  return leases;
}

void PostgresStore::release(NodeId node, std::span<const Lease> leases) {
  if (leases.empty()) return;
  std::vector<Shard> shards;
  for (const auto& lease : leases) shards.push_back(lease.shard);
  state_->run(Role::dispatch, std::nullopt, [&](Session& session) {
    session.run(sql::lock_leases, shard_array(shards));
    session.run(sql::release_leases, node, lease_rows(shards, leases));
  });
}

Store::Recovered PostgresStore::recover(const Lease& fence, Instant now) {
  return state_->run(Role::dispatch, std::nullopt, [&](Session& session) {
    Recovered recovered;
    if (!stand(session, fence)) return recovered;
    boost::json::array lost;
    for (const auto& row :
         session.run(sql::recover_reminders, fence.shard, now, now + clock_set_back_max)) {
      const bool returned = row["state"].as<std::string>() == "planned";
      ++(returned ? recovered.returned : recovered.unknown);
      if (returned) continue;
      lost.push_back({{"tenant", row["tenant"].c_str()},
                      {"reminder", row["id"].c_str()},
                      {"due_at", to_rfc3339(instant_of(row["due_at"]))}});
    }
    if (!lost.empty())
      session.run(sql::recover_deliveries, fence.shard, boost::json::serialize(lost));
    return recovered;
  });
}

std::vector<Work> PostgresStore::horizon(Shard shard, Instant after, Instant until,
                                         std::size_t limit) {
  return state_->run(Role::dispatch, std::nullopt, [&](Session& session) {
    std::vector<Work> works;
    for (const auto& row : session.run(sql::horizon, shard, after, until, limit)) {
      Work work;
      work.tenant = id_of<TenantId>(row["tenant"]);
      work.id = id_bytes(row["id"]);
      work.at = instant_of(row["at"]);
      work.attempt = row["attempt"].as<std::uint32_t>();
      const std::string kind = row["kind"].c_str();
      const std::string state = row["state"].c_str();
      work.kind = kind == "citizen"    ? WorkKind::reevaluate
                  : state == "planned" ? WorkKind::remind
                                       : WorkKind::retry;
      works.push_back(work);
    }
    return works;
  });
}

std::vector<ClaimedReminder> PostgresStore::claim(const Lease& fence,
                                                  std::span<const ReminderId> ids, Instant now) {
  if (ids.empty()) return {};
  return state_->run(Role::dispatch, std::nullopt, [&](Session& session) {
    std::vector<ClaimedReminder> claimed;
    if (!stand(session, fence)) return claimed;
    Sealer sealer(state_->keyring.master);
    for (const auto& row : session.run(sql::claim, fence.shard, uuid_array(ids), now))
      claimed.push_back(read_claimed(sealer, row));
    add_series(session, sealer, fence.shard, claimed);
    add_restraints(session, fence.shard, claimed, now);
    return claimed;
  });
}

std::vector<ReminderId> PostgresStore::take(const Lease& fence, std::span<const ReminderId> ids,
                                            Instant now, const Decide& decide) {
  if (ids.empty()) return {};
  const auto work = [&](Session& session) {
    std::vector<ReminderId> leaving;
    const auto next_position = stand(session, fence);
    std::vector<ClaimedReminder> batch;
    // Asked also about nothing: what an earlier try had decided, and could not write, counts no more.
    if (!next_position) return decide(std::move(batch)), leaving;
    Sealer sealer(state_->keyring.master);
    for (const auto& row : session.run(sql::read_due, fence.shard, uuid_array(ids), now))
      batch.push_back(read_claimed(sealer, row));
    if (batch.empty()) return decide(std::move(batch)), leaving;
    add_series(session, sealer, fence.shard, batch);
    add_restraints(session, fence.shard, batch, now);
    TakenRows rows(batch);
    std::unordered_map<ReminderId, CitizenId> citizens;
    for (const auto& claimed : batch) citizens.emplace(claimed.reminder.id, claimed.reminder.citizen);
    const auto decision = decide(std::move(batch));
    Consequences consequences;
    for (const auto& settlement : decision.settled) {
      rows.settle(settlement);
      consequences.add(sealer, settlement, citizens.at(settlement.reminder));
    }
    for (const auto& flight : decision.flights) {
      rows.fly(flight);
      leaving.push_back(flight.delivery.reminder);
      Delivery delivery = flight.delivery;
      delivery.state = DeliveryState::in_flight;
      consequences.begin(sealer, flight.tenant, delivery);
    }
    rows.write(session, fence.shard);
    consequences.write(session, sealer, fence.shard, *next_position, now);
    return leaving;
  };
  return in_session(state_->pool, Role::dispatch, std::nullopt, work, Pool::Use::writing);
}

std::vector<ReminderId> PostgresStore::begin_flight(const Lease& fence,
                                                    std::span<const Flight> flights, Instant now) {
  if (flights.empty()) return {};
  boost::json::array rows;
  for (const auto& flight : flights) {
    rows.push_back({{"tenant", flight.tenant.to_string()},
                    {"reminder", flight.delivery.reminder.to_string()},
                    {"due_at", to_rfc3339(flight.delivery.due_at)},
                    {"expected", flight.attempt},
                    {"channel_index", flight.channel_index},
                    {"citizen_version", flight.citizen_version
                                            ? boost::json::value(*flight.citizen_version)
                                            : boost::json::value(nullptr)}});
  }
  const auto batch = boost::json::serialize(rows);
  return state_->run(Role::dispatch, std::nullopt, [&](Session& session) {
    std::vector<ReminderId> leaving;
    if (!stand(session, fence)) return leaving;
    const auto taken = session.run(sql::begin_flight, fence.shard, batch);
    Sealer sealer(state_->keyring.master);
    learn_keys(session, sealer, fence.shard, owners_of(taken));
    for (const auto& row : taken) leaving.push_back(id_of<ReminderId>(row["id"]));
    const std::unordered_set<ReminderId> may_leave(leaving.begin(), leaving.end());
    Consequences consequences;
    for (const auto& flight : flights) {
      if (!may_leave.contains(flight.delivery.reminder)) continue;
      Delivery delivery = flight.delivery;
      delivery.state = DeliveryState::in_flight;
      consequences.begin(sealer, flight.tenant, delivery);
    }
    consequences.write(session, sealer, fence.shard, 0, now);
    return leaving;
  });
}

std::vector<ReminderId> PostgresStore::settle(const Lease& fence,
                                              std::span<const Settlement> settlements,
                                              Instant now) {
  if (settlements.empty()) return {};
  SettledRows rows;
  for (const auto& settlement : settlements) rows.add(settlement);
  return state_->run(Role::dispatch, std::nullopt, [&](Session& session) {
    std::vector<ReminderId> changed;
    const auto next_position = stand(session, fence);
    if (!next_position) return changed;
    const auto settled = rows.write(session, fence.shard);
    Sealer sealer(state_->keyring.master);
    learn_keys(session, sealer, fence.shard, owners_of(settled));
    std::unordered_map<ReminderId, CitizenId> citizens;
    for (const auto& row : settled)
      citizens.emplace(id_of<ReminderId>(row["id"]), id_of<CitizenId>(row["citizen"]));
    Consequences consequences;
    for (const auto& settlement : settlements) {
      const auto found = citizens.find(settlement.reminder);
      if (found == citizens.end()) continue;
      consequences.add(sealer, settlement, found->second);
      changed.push_back(settlement.reminder);
      citizens.erase(found);  // a second outcome of the same reminder is not written
    }
    consequences.write(session, sealer, fence.shard, *next_position, now);
    return changed;
  });
}

}  // namespace rappel::store
