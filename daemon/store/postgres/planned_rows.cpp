// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/planned_rows.hpp"

#include "schema/sql.hpp"

namespace rappel::store::postgres {
namespace {

std::string channel_list(const std::vector<Channel>& channels) {
  std::string list;
  for (const auto channel : channels) {
    if (!list.empty()) list += ',';
    list += to_string(channel);
  }
  return list;
}

}  // namespace

void DeadlineRows::add(const Sealer& sealer, TenantId tenant, const Deadline& deadline) {
  id_.add(deadline.id);
  citizen_.add(deadline.citizen);
  rule_.add(deadline.rule);
  rule_version_.add(std::uint32_t(deadline.rule_version));
  subject_.add(deadline.subject);
  occurrence_.add(deadline.occurrence);
  opens_on_.add(deadline.opens_on);
  due_on_.add(deadline.due_on);
  safe_on_.add(deadline.safe_on);
  state_.add(to_string(deadline.state));
  statutory_.add(deadline.statutory);
  topic_.add(deadline.topic);
  explanation_.add_bytes(sealer.seal_bytes({tenant, deadline.citizen}, "deadline.explanation",
                                           deadline.id.to_string(), deadline.explanation));
}

void DeadlineRows::write(Session& session, Shard shard, TenantId tenant) const {
  session.run(sql::upsert_deadlines, shard, tenant, id_, citizen_, rule_, rule_version_, subject_,
              occurrence_, opens_on_, due_on_, safe_on_, state_, statutory_, topic_, explanation_);
}

void ReminderRows::add(const Sealer& sealer, TenantId tenant, const Reminder& reminder) {
  id_.add(reminder.id);
  due_at_.add(reminder.due_at);
  citizen_.add(reminder.citizen);
  deadline_.add(reminder.deadline);
  stage_.add(reminder.stage);
  message_.add(reminder.message);
  topic_.add(reminder.topic);
  lane_.add(to_string(reminder.lane));
  statutory_.add(reminder.statutory);
  misfire_.add(to_string(reminder.misfire));
  next_at_.add(reminder.next_at);
  expires_at_.add(reminder.expires_at);
  due_on_.add(reminder.due_on);
  channels_.add(channel_list(reminder.channels));
  state_.add(to_string(reminder.state));
  state_reason_.add(reminder.state_reason);
  attempt_.add(reminder.attempt);
  channel_index_.add(reminder.channel_index);
  values_.add_bytes(sealer.seal_bytes({tenant, reminder.citizen}, "reminder.values",
                                      reminder.id.to_string(), reminder.values));
}

void ReminderRows::insert(Session& session, Shard shard, TenantId tenant) const {
  if (id_.size() == 0) return;
  session.run(sql::insert_reminders, shard, tenant, id_, due_at_, citizen_, deadline_, stage_,
              message_, topic_, lane_, statutory_, misfire_, next_at_, expires_at_, due_on_,
              channels_, state_, state_reason_, attempt_, channel_index_, values_);
}

void ReminderRows::update(Session& session, Shard shard, TenantId tenant,
                          const Column& old_due_at) const {
  if (id_.size() == 0) return;
  session.run(sql::update_reminders, shard, tenant, id_, due_at_, deadline_, stage_, message_, topic_,
              lane_, statutory_, misfire_, next_at_, expires_at_, due_on_, channels_, state_,
              state_reason_, values_, old_due_at);
}

}  // namespace rappel::store::postgres
