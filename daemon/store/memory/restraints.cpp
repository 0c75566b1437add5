// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "store/memory/tables.hpp"

// Silences, and what else keeps a message from leaving, of MemoryStore.

namespace rappel::store {

using memory::CitizenFile;

namespace {

std::string rule_of(const CitizenFile& file, const Reminder& reminder) {
  if (!reminder.deadline) return {};
  const auto deadline = file.deadlines.find(*reminder.deadline);
  return deadline == file.deadlines.end() ? std::string() : deadline->second.rule;
}

/// When a reminder's message left last, within reach; now when it is about to.
std::optional<Instant> left_at(const CitizenFile& file, const Reminder& reminder, Instant now) {
  std::optional<Instant> last;
  for (const auto& [id, delivery] : file.deliveries) {
    if (delivery.reminder == reminder.id && delivery.state != DeliveryState::failed &&
        delivery.started_at >= now - recent_messages_reach)
      last = std::max(last.value_or(delivery.started_at), delivery.started_at);
  }
  if (!last && reminder.state == ReminderState::claimed) return now;
  return last;
}

std::vector<RecentMessage> recent_of(const CitizenFile& file, const std::set<ReminderId>& batch,
                                     Instant now) {
  std::vector<RecentMessage> recent;
  for (const auto& [id, stored] : file.reminders) {
    const Reminder& reminder = stored.reminder;
    if (batch.contains(id) || reminder.due_at > now ||
        reminder.due_at < now - recent_messages_late_max)
      continue;
    if (const auto at = left_at(file, reminder, now))
      recent.push_back({id, reminder.statutory, reminder.lane, rule_of(file, reminder), *at});
  }
  return recent;
}

/// What a silence holds waits for the very instant of its end.
void wake(memory::ShardRows& rows, CitizenFile& file, Instant end, Instant now) {
  for (auto& [id, stored] : file.reminders) {
    Reminder next = stored.reminder;
    const bool held = next.state == ReminderState::planned || next.state == ReminderState::unknown;
    if (!held || next.state_reason != "silenced" || next.next_at != end) continue;
    next.next_at = std::max(now, next.due_at);
    rows.change(file, stored, next);
  }
}

}  // namespace

void MemoryStore::State::add_restraints(Shard shard, std::vector<ClaimedReminder>& taken,
                                        Instant now) {
  std::set<ReminderId> batch;
  for (const auto& each : taken) batch.insert(each.reminder.id);
  auto holding = std::make_shared<std::vector<Silence>>();
  for (const auto& [id, silence] : silences) {
    if (holds(silence, now) && !silence.ended_at) holding->push_back(silence);
  }
  for (auto& each : taken) {
    const auto* file = rows(shard).file_of(each.tenant, each.reminder.id);
    if (!each.reminder.statutory) each.recent = recent_of(*file, batch, now);
    if (!holding->empty()) each.silences = holding;
  }
}

Expected<void> MemoryStore::add_silence(const Silence& silence) {
  if (silences(silence.tenant, silence.created_at).size() >= silences_max)
    return refuse(ProblemKind::conflict, "too_many_silences",
                  "there are " + std::to_string(silences_max) + " silences that are not over", "",
                  "end some of them first");
  const std::lock_guard lock(state_->mutex);
  state_->silences.emplace(silence.id, silence);
  return {};
}

std::vector<Silence> MemoryStore::silences(TenantId tenant, Instant now) {
  const std::lock_guard lock(state_->mutex);
  std::vector<Silence> found;
  for (const auto& [id, silence] : state_->silences) {
    if (silence.tenant == tenant && silence.ends_at > now && !silence.ended_at)
      found.push_back(silence);
  }
  std::sort(found.begin(), found.end(), [](const Silence& a, const Silence& b) {
    return std::tuple(a.created_at, a.id) < std::tuple(b.created_at, b.id);
  });
  return found;
}

std::optional<Silence> MemoryStore::end_silence(TenantId tenant, SilenceId id, Instant now) {
  std::unique_lock lock(state_->mutex);
  const auto found = state_->silences.find(id);
  if (found == state_->silences.end() || found->second.tenant != tenant ||
      found->second.ends_at <= now)
    return std::nullopt;
  if (!found->second.ended_at) found->second.ended_at = now;
  const Silence silence = found->second;
  for (int number = 0; number < shard_count; ++number) {
    const Shard shard{std::uint8_t(number)};
    state_->take_turn(shard, lock);
    for (auto& [key, file] : state_->rows(shard).files) {
      if (key.first == tenant) wake(state_->rows(shard), file, silence.ends_at, now);
    }
    state_->give_turn(shard);
  }
  return silence;
}

std::vector<Silence> MemoryStore::silences_at(Instant now) {
  const std::lock_guard lock(state_->mutex);
  std::vector<Silence> found;
  for (const auto& [id, silence] : state_->silences) {
    if (holds(silence, now) && !silence.ended_at) found.push_back(silence);
  }
  return found;
}

std::vector<ClaimedReminder> MemoryStore::waiting(TenantId tenant, const WaitingQuery& query) {
  const std::lock_guard lock(state_->mutex);
  std::vector<ClaimedReminder> found;
  for (auto& rows : state_->shards) {
    for (const auto& [at, id, owner, kind, attempt] : rows.due) {
      if (at >= query.until || found.size() >= query.limit) break;
      if (owner != tenant || kind == WorkKind::reevaluate) continue;
      const auto* file = rows.file_of(tenant, ReminderId{id});
      if (file == nullptr) continue;
      const auto& reminder = file->reminders.at(ReminderId{id}).reminder;
      const auto rule = rule_of(*file, reminder);
      if (!query.rule.empty() && (rule.empty() || !names_rule(query.rule, rule))) continue;
      ClaimedReminder each;
      each.tenant = tenant;
      each.reminder = reminder;
      each.citizen = file->citizen;
      if (reminder.deadline) each.deadline = file->deadlines.at(*reminder.deadline);
      found.push_back(std::move(each));
    }
  }
  return found;
}

}  // namespace rappel::store
