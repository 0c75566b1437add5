// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/restraints.hpp"

#include <boost/json/serialize.hpp>
#include <map>
#include <set>

#include "schema/sql.hpp"
#include "store/postgres/state.hpp"

// Silences, and what else keeps a message from leaving.

namespace rappel::store {

using namespace postgres;

namespace {

Silence read_silence(const pqxx::row& row) {
  Silence silence;
  silence.id = id_of<SilenceId>(row["id"]);
  silence.tenant = id_of<TenantId>(row["tenant"]);
  silence.rule = row["rule"].c_str();
  silence.notifier = row["notifier"].c_str();
  silence.departement = row["departement"].c_str();
  silence.starts_at = instant_of(row["starts_at"]);
  silence.ends_at = instant_of(row["ends_at"]);
  silence.author = row["author"].c_str();
  silence.comment = row["comment"].c_str();
  silence.created_at = instant_of(row["created_at"]);
  silence.ended_at = optional_instant(row["ended_at"]);
  return silence;
}

std::vector<Silence> read_silences(const pqxx::result& rows) {
  std::vector<Silence> silences;
  for (const auto& row : rows) silences.push_back(read_silence(row));
  return silences;
}

void add_recent(Session& session, Shard shard, std::vector<ClaimedReminder>& taken, Instant now) {
  std::map<std::pair<TenantId, CitizenId>, std::vector<ClaimedReminder*>> citizens;
  std::vector<ReminderId> ids;
  for (auto& each : taken) {
    ids.push_back(each.reminder.id);
    // What the law makes us send is counted against nothing.
    if (!each.reminder.statutory) citizens[{each.tenant, each.reminder.citizen}].push_back(&each);
  }
  if (citizens.empty()) return;
  boost::json::array wanted;
  for (const auto& [whose, reminders] : citizens)
    wanted.push_back({{"tenant", whose.first.to_string()}, {"citizen", whose.second.to_string()}});
  for (const auto& row : session.run(sql::recent_messages, shard, boost::json::serialize(wanted),
                                     now - recent_messages_reach, now - recent_messages_late_max,
                                     now, uuid_array(ids))) {
    const RecentMessage recent{id_of<ReminderId>(row["id"]), row["statutory"].as<bool>(),
                               parse_lane(row["lane"].c_str()).value_or(Lane::transactional),
                               row["rule"].c_str(), instant_of(row["at"])};
    for (auto* each : citizens.at({id_of<TenantId>(row["tenant"]), id_of<CitizenId>(row["citizen"])}))
      each->recent.push_back(recent);
  }
}

/// One that does not open is told with what is stored of it in the clear.
ClaimedReminder read_waiting(Sealer& sealer, TenantId tenant, const pqxx::row& row) {
  const Whose whose{tenant, id_of<CitizenId>(row["citizen"])};
  ClaimedReminder waiting;
  waiting.tenant = tenant;
  try {
    sealer.learn(whose, row["wrapped"]);
    waiting.reminder = read_reminder(sealer, tenant, row);
    waiting.citizen = read_citizen(sealer, whose, row, "c_");
    if (!row["d_id"].is_null()) waiting.deadline = read_deadline(sealer, whose, row, "d_");
  } catch (const Damaged&) {
    waiting.reminder = read_clear_reminder(row);
    waiting.readable = false;
  }
  return waiting;
}

std::string all_shards() {
  std::string literal = "{";
  for (int shard = 0; shard < shard_count; ++shard)
    literal += (shard == 0 ? "" : ",") + std::to_string(shard);
  return literal + "}";
}

}  // namespace

namespace postgres {

void add_restraints(Session& session, Shard shard, std::vector<ClaimedReminder>& taken, Instant now) {
  if (taken.empty()) return;
  add_recent(session, shard, taken, now);
  auto holding = read_silences(session.run(sql::silences_at, now));
  if (holding.empty()) return;
  const auto shared = std::make_shared<const std::vector<Silence>>(std::move(holding));
  for (auto& each : taken) each.silences = shared;
}

}  // namespace postgres

Expected<void> PostgresStore::add_silence(const Silence& silence) {
  const bool room = state_->run(Role::api, silence.tenant, [&](Session& session) {
    if (session.run(sql::select_silences, silence.tenant, silence.created_at).size() >= silences_max)
      return false;
    session.run(sql::insert_silence, silence.id, silence.tenant, silence.rule, silence.notifier,
                silence.departement, silence.starts_at, silence.ends_at, silence.author,
                silence.comment, silence.created_at);
    return true;
  });
  if (room) return {};
  return refuse(ProblemKind::conflict, "too_many_silences",
                "there are " + std::to_string(silences_max) + " silences that are not over",
                "", "end some of them first");
}

std::vector<Silence> PostgresStore::silences(TenantId tenant, Instant now) {
  return state_->run(Role::api, tenant, [&](Session& session) {
    return read_silences(session.run(sql::select_silences, tenant, now));
  });
}

std::optional<Silence> PostgresStore::end_silence(TenantId tenant, SilenceId id, Instant now) {
  const auto ended =
      state_->run(Role::api, tenant, [&](Session& session) -> std::optional<Silence> {
        const auto rows = session.run(sql::end_silence, tenant, id, now);
        if (rows.empty()) return std::nullopt;
        return read_silence(rows[0]);
      });
  if (!ended) return std::nullopt;
  const auto shards = state_->run(Role::api, tenant, [&](Session& session) {
    std::vector<Shard> found;
    for (const auto& row : session.run(sql::silenced_shards, all_shards(), tenant, ended->ends_at))
      found.push_back(Shard{std::uint8_t(row["shard"].as<int>())});
    return found;
  });
  for (const auto shard : shards) {
    state_->run(Role::api, tenant, [&](Session& session) {
      session.run(sql::lock_head, shard);
      session.run(sql::wake_silenced, shard, tenant, ended->ends_at, now);
    });
  }
  return ended;
}

std::vector<Silence> PostgresStore::silences_at(Instant now) {
  return state_->run(Role::dispatch, std::nullopt, [&](Session& session) {
    return read_silences(session.run(sql::silences_at, now));
  });
}

std::vector<ClaimedReminder> PostgresStore::waiting(TenantId tenant, const WaitingQuery& query) {
  const bool below = query.rule.ends_with(".*");
  const auto exact = below ? std::string() : query.rule;
  const auto prefix = below ? query.rule.substr(0, query.rule.size() - 1) : std::string();
  return state_->read(tenant, [&](Session& session, Sealer& sealer) {
    std::vector<ClaimedReminder> found;
    for (int number = 0; number < shard_count && found.size() < query.limit; ++number) {
      const Shard shard{std::uint8_t(number)};
      for (const auto& row : session.run(sql::planned_until, shard, tenant, query.until,
                                         query.limit - found.size(), exact, prefix))
        found.push_back(read_waiting(sealer, tenant, row));
    }
    return found;
  });
}

}  // namespace rappel::store
