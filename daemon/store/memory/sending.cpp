// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "store/memory/tables.hpp"

// The send side of MemoryStore: leases, recovery, claim, flight and outcome.

namespace rappel::store {

using memory::CitizenFile;
using memory::ShardRows;
using memory::StoredReminder;

namespace {

bool claimable(const Reminder& reminder, Instant now) {
  return (reminder.state == ReminderState::planned ||
          reminder.state == ReminderState::retry_wait ||
          reminder.state == ReminderState::unknown) &&
         reminder.next_at <= now;
}

bool waits_again(ReminderState state) {
  return state == ReminderState::planned || state == ReminderState::retry_wait ||
         state == ReminderState::unknown;
}

ClaimedReminder claim_one(ShardRows& rows, CitizenFile& file, StoredReminder& stored) {
  Reminder next = stored.reminder;
  stored.doubtful = next.state == ReminderState::unknown;
  next.state = ReminderState::claimed;
  ++next.attempt;
  rows.change(file, stored, next);
  ClaimedReminder claimed;
  claimed.tenant = file.citizen.tenant;
  claimed.reminder = next;
  claimed.citizen = file.citizen;
  claimed.outcome_unknown = stored.doubtful;
  if (next.deadline) {
    const auto deadline = file.deadlines.find(*next.deadline);
    if (deadline != file.deadlines.end()) claimed.deadline = deadline->second;
  }
  for (const auto& [id, delivery] : file.deliveries) {
    if (delivery.reminder == next.id) claimed.series.push_back(delivery);
  }
  return claimed;
}

/// The row a settlement speaks of, when it still waits for one.
StoredReminder* awaiting(CitizenFile& file, const Settlement& settlement) {
  auto& stored = file.reminders.at(settlement.reminder);
  const Reminder& reminder = stored.reminder;
  const bool open = reminder.state == ReminderState::claimed ||
                    reminder.state == ReminderState::in_flight ||
                    reminder.state == ReminderState::unknown;
  return open && reminder.attempt == settlement.attempt && reminder.due_at == settlement.due_at
             ? &stored
             : nullptr;
}

/// The provider's name for a series stays until it gives another one.
void put(CitizenFile& file, Delivery delivery) {
  auto& stored = file.deliveries[delivery.id];
  if (delivery.provider_id.empty()) delivery.provider_id = stored.provider_id;
  stored = std::move(delivery);
}

Reminder settled(Reminder reminder, const Settlement& settlement) {
  reminder.state = settlement.to;
  reminder.state_reason = settlement.reason;
  reminder.channel_index = settlement.channel_index;
  reminder.tries = settlement.tries;
  if (waits_again(settlement.to))
    reminder.next_at = std::max(settlement.next_at, reminder.due_at);
  return reminder;
}

}  // namespace

std::vector<Lease> MemoryStore::acquire(NodeId node, std::span<const Lease> held,
                                        std::span<const Shard> wanted,
                                        std::chrono::milliseconds ttl) {
  state_->play_fault("acquire");
  const std::lock_guard lock(state_->mutex);
  const Instant now = state_->clock.now();
  std::vector<Lease> owned;
  for (const Shard shard : wanted) {
    auto& rows = state_->rows(shard);
    const bool ours = rows.lease_owner == node;
    const bool renewed = ours && std::any_of(held.begin(), held.end(), [&](const Lease& lease) {
      return lease.shard == shard && lease.epoch == rows.lease_epoch;
    });
    if (!renewed) {
      if (rows.lease_owner && !ours && rows.lease_until > now) continue;
      ++rows.lease_epoch;
      rows.lease_owner = node;
    }
    rows.lease_until = now + ttl;
    owned.push_back({shard, rows.lease_epoch, rows.lease_until});
  }
  return owned;
}

void MemoryStore::release(NodeId node, std::span<const Lease> leases) {
  state_->play_fault("release");
  const std::lock_guard lock(state_->mutex);
  for (const auto& lease : leases) {
    auto& rows = state_->rows(lease.shard);
    if (rows.lease_owner == node && rows.lease_epoch == lease.epoch) rows.lease_owner.reset();
  }
}

Store::Recovered MemoryStore::recover(const Lease& fence, Instant now) {
  state_->play_fault("recover");
  const FencedTurn turn(*state_, fence);
  Recovered recovered;
  if (!turn.stands()) return recovered;
  auto& rows = state_->rows(fence.shard);
  for (auto& [key, file] : rows.files) {
    for (auto& [id, stored] : file.reminders) {
      Reminder next = stored.reminder;
      const bool claimed = next.state == ReminderState::claimed;
      if (!claimed && next.state != ReminderState::in_flight) continue;
      const bool returned = claimed && !stored.doubtful;
      next.state = returned ? ReminderState::planned : ReminderState::unknown;
      next.next_at = std::max(now, next.due_at);
      ++(returned ? recovered.returned : recovered.unknown);
      rows.change(file, stored, next);
      for (auto& [series, delivery] : file.deliveries) {
        if (delivery.reminder == id && delivery.state == DeliveryState::in_flight)
          delivery.state = DeliveryState::unknown;
      }
    }
  }
  return recovered;
}

std::vector<Work> MemoryStore::horizon(Shard shard, Instant after, Instant until,
                                       std::size_t limit) {
  state_->play_fault("horizon");
  const std::lock_guard lock(state_->mutex);
  std::vector<Work> works;
  const auto& due = state_->rows(shard).due;
  auto entry = due.begin();
  if (after != Instant::min()) {
    entry = due.lower_bound(
        {after + std::chrono::microseconds{1}, IdBytes{}, TenantId{}, WorkKind::remind, 0});
  }
  for (; entry != due.end() && works.size() < limit; ++entry) {
    const auto& [at, id, tenant, kind, attempt] = *entry;
    if (at > until) break;
    works.push_back({kind, tenant, id, at, attempt});
  }
  return works;
}

std::vector<ClaimedReminder> MemoryStore::claim(const Lease& fence,
                                                std::span<const ReminderId> ids, Instant now) {
  state_->play_fault("claim");
  const FencedTurn turn(*state_, fence);
  std::vector<ClaimedReminder> claimed;
  if (!turn.stands()) return claimed;
  auto& rows = state_->rows(fence.shard);
  for (const auto& id : ids) {
    auto* file = rows.file_of(id);
    if (file == nullptr) continue;
    auto& stored = file->reminders.at(id);
    if (claimable(stored.reminder, now)) claimed.push_back(claim_one(rows, *file, stored));
  }
  state_->add_restraints(fence.shard, claimed, now);
  return claimed;
}

std::vector<ReminderId> MemoryStore::begin_flight(const Lease& fence,
                                                  std::span<const Flight> flights, Instant) {
  state_->play_fault("begin_flight");
  const FencedTurn turn(*state_, fence);
  std::vector<ReminderId> leaving;
  if (!turn.stands()) return leaving;
  auto& rows = state_->rows(fence.shard);
  for (const auto& flight : flights) {
    const ReminderId id = flight.delivery.reminder;
    auto* file = rows.file_of(flight.tenant, id);
    if (file == nullptr) continue;
    auto& stored = file->reminders.at(id);
    if (stored.reminder.state != ReminderState::claimed ||
        stored.reminder.attempt != flight.attempt ||
        stored.reminder.due_at != flight.delivery.due_at ||
        (flight.citizen_version && *flight.citizen_version != file->citizen.version))
      continue;
    Reminder next = stored.reminder;
    next.state = ReminderState::in_flight;
    next.channel_index = flight.channel_index;
    rows.change(*file, stored, next);
    Delivery delivery = flight.delivery;
    delivery.state = DeliveryState::in_flight;
    put(*file, std::move(delivery));
    leaving.push_back(id);
  }
  return leaving;
}

std::vector<ReminderId> MemoryStore::settle(const Lease& fence,
                                            std::span<const Settlement> settlements, Instant now) {
  state_->play_fault("settle");
  const FencedTurn turn(*state_, fence);
  std::vector<ReminderId> changed;
  if (!turn.stands()) return changed;
  auto& rows = state_->rows(fence.shard);
  for (const auto& settlement : settlements) {
    auto* file = rows.file_of(settlement.tenant, settlement.reminder);
    auto* stored = file == nullptr ? nullptr : awaiting(*file, settlement);
    if (stored == nullptr) continue;
    rows.change(*file, *stored, settled(stored->reminder, settlement));
    if (settlement.delivery) put(*file, *settlement.delivery);
    if (settlement.inbox) file->inbox.emplace(settlement.inbox->id, *settlement.inbox);
    if (settlement.task)
      state_->tasks.emplace(std::pair{settlement.tenant, settlement.task->id}, *settlement.task);
    if (settlement.event) {
      Event event = *settlement.event;
      event.citizen = file->citizen.id;
      rows.append(*file, event);
    }
    if (settlement.reevaluate) rows.reevaluate_soon(*file, now);
    changed.push_back(settlement.reminder);
  }
  return changed;
}

}  // namespace rappel::store
