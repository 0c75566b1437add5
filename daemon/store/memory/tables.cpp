// SPDX-License-Identifier: Apache-2.0
#include "store/memory/tables.hpp"

namespace rappel::store::memory {
namespace {

bool wants_attention(ReminderState state) {
  return state == ReminderState::planned || state == ReminderState::retry_wait ||
         state == ReminderState::unknown;
}

std::optional<DueEntry> due_entry(TenantId tenant, const Reminder& reminder) {
  if (!wants_attention(reminder.state)) return std::nullopt;
  const auto kind =
      reminder.state == ReminderState::planned ? WorkKind::remind : WorkKind::retry;
  return DueEntry{reminder.next_at, reminder.id.bytes(), tenant, kind, reminder.attempt,
                  urgency_of(reminder)};
}

std::optional<DueEntry> due_entry(const Citizen& citizen) {
  if (!citizen.reevaluate_at) return std::nullopt;
  return DueEntry{*citizen.reevaluate_at, citizen.id.bytes(), citizen.tenant,
                  WorkKind::reevaluate, 0, Lane::transactional};
}

}  // namespace

void ShardRows::change(CitizenFile& file, const Citizen& next) {
  if (const auto entry = due_entry(file.citizen)) due.erase(*entry);
  file.citizen = next;
  if (const auto entry = due_entry(file.citizen)) due.insert(*entry);
}

StoredReminder& ShardRows::reminder_of(CitizenFile& file, ReminderId id) {
  reminder_owner.try_emplace(id, Owner{file.citizen.tenant, file.citizen.id});
  return file.reminders[id];
}

CitizenFile* ShardRows::file_of(ReminderId id) {
  const auto owner = reminder_owner.find(id);
  if (owner == reminder_owner.end()) return nullptr;
  return &files.at({owner->second.tenant, owner->second.citizen});
}

CitizenFile* ShardRows::file_of(TenantId tenant, ReminderId id) {
  auto* file = file_of(id);
  return file != nullptr && file->citizen.tenant == tenant ? file : nullptr;
}

void ShardRows::change(CitizenFile& file, StoredReminder& stored, const Reminder& next) {
  const TenantId tenant = file.citizen.tenant;
  if (const auto entry = due_entry(tenant, stored.reminder)) due.erase(*entry);
  stored.reminder = next;
  if (const auto entry = due_entry(tenant, stored.reminder)) due.insert(*entry);
}

void ShardRows::reevaluate_soon(CitizenFile& file, Instant now) {
  auto& citizen = file.citizen;
  if (const auto entry = due_entry(citizen)) due.erase(*entry);
  citizen.reevaluate_at = std::min(citizen.reevaluate_at.value_or(now), now);
  due.insert(*due_entry(citizen));
}

void ShardRows::append(CitizenFile& file, Event& event) {
  event.position = ++head;
  event.version = ++file.citizen.version;
  positions.push_back(event.position);
  file.events.push_back(event);
}

}  // namespace rappel::store::memory

namespace rappel::store {

void MemoryStore::State::take_turn(Shard shard, std::unique_lock<std::mutex>& lock) {
  auto& shard_rows = rows(shard);
  if (!shard_rows.turn_free.wait_for(lock, options.turn_wait_max,
                                     [&] { return !shard_rows.turn_taken; }))
    throw StoreUnavailable("no turn on shard " + std::to_string(shard.number) + " in time");
  shard_rows.turn_taken = true;
}

void MemoryStore::State::give_turn(Shard shard) {
  rows(shard).turn_taken = false;
  rows(shard).held = false;
  rows(shard).turn_free.notify_all();  // who takes a shard over waits here too
}

bool MemoryStore::State::wait_unheld(Shard shard, std::unique_lock<std::mutex>& lock) {
  auto& shard_rows = rows(shard);
  return shard_rows.turn_free.wait_for(lock, options.turn_wait_max, [&] { return !shard_rows.held; });
}

FencedTurn::FencedTurn(MemoryStore::State& state, const Lease& fence)
    : state_(state), shard_(fence.shard), lock_(state.mutex) {
  state_.take_turn(shard_, lock_);
  stands_ = state_.stands(fence);
}

FencedTurn::~FencedTurn() { state_.give_turn(shard_); }

}  // namespace rappel::store
