// SPDX-License-Identifier: Apache-2.0
// What the witness makes of the store's writes.
#include <fmt/format.h>

#include <algorithm>

#include "calendar/zone.hpp"
#include "profile/profile.hpp"
#include "simulation/witness.hpp"

namespace rappel::simulation {
namespace {

using std::chrono::minutes;

bool is_in_hand(ReminderState state) {
  return state == ReminderState::claimed || state == ReminderState::in_flight;
}

void file_under(std::set<ReminderId>& book, ReminderId id, bool belongs) {
  if (belongs) {
    book.insert(id);
  } else {
    book.erase(id);
  }
}

bool inside(const profile::QuietHours& quiet, minutes time) {
  if (quiet.from == quiet.to) return false;
  return quiet.from < quiet.to ? time >= quiet.from && time < quiet.to
                               : time >= quiet.from || time < quiet.to;
}

/// Counted minute by minute on the citizen's wall, not computed as the daemon does.
bool must_be_quiet(const profile::Profile& profile, const Reminder& reminder, Instant now) {
  const auto& quiet = profile.preferences.quiet_hours;
  const auto zone = profile.zone();
  if (!quiet || !inside(*quiet, calendar::to_local(now, zone).time_of_day)) return false;
  Instant end = now;
  while (inside(*quiet, calendar::to_local(end, zone).time_of_day)) end += minutes{1};
  // A message that would lose its sense by waiting goes now; the last minute may be cut either way.
  return !reminder.expires_at || end + minutes{1} < *reminder.expires_at;
}

std::string why_not_now(const store::ClaimedReminder& claimed, const profile::Profile& profile,
                        Instant now) {
  const Reminder& reminder = claimed.reminder;
  const auto today = std::chrono::sys_days(calendar::to_local(now, profile.zone()).date);
  const auto& wishes = profile.preferences;
  if (now < reminder.due_at) return "it is not due yet";
  if (reminder.expires_at && now >= *reminder.expires_at) return "it has expired";
  if (claimed.deadline) {
    if (claimed.deadline->state != DeadlineState::open)
      return "its deadline is " + std::string(to_string(claimed.deadline->state));
    if (std::chrono::sys_days(claimed.deadline->due_on) < today) return "its due date is past";
  }
  if (must_be_quiet(profile, reminder, now)) return "these are the citizen's quiet hours";
  if (reminder.statutory) return {};
  if (wishes.muted_topics.contains(reminder.topic)) return "the citizen muted its topic";
  if (wishes.paused_until && std::chrono::sys_days(*wishes.paused_until) > today)
    return "the citizen asked for a pause";
  return {};
}

std::set<std::string> allowed_ways(const store::ClaimedReminder& claimed,
                                   const profile::Profile& profile) {
  std::vector<Channel> channels = claimed.reminder.channels;
  if (channels.empty()) channels = profile.preferences.channels;
  const bool any = channels.empty();
  const auto wanted = [&](Channel channel) {
    return any || std::find(channels.begin(), channels.end(), channel) != channels.end();
  };
  std::set<std::string> allowed;
  if (wanted(Channel::inapp)) allowed.insert("inapp " + claimed.citizen.id.to_string());
  for (const auto& contact : profile.contacts) {
    if (contact.usable && wanted(contact.channel))
      allowed.insert(std::string(to_string(contact.channel)) + " " + contact.address);
  }
  return allowed;
}

}  // namespace

void Witness::leased(std::span<const store::Lease> leases) {
  const auto process = timeline_.current() ? timeline_.current()->serial : 0;
  for (const auto& lease : leases) {
    auto& owner = owners_[lease.shard.number];
    if (lease.epoch < owner.epoch)
      fail("epochs only grow", fmt::format("shard {} went back to {}", lease.shard.number, lease.epoch));
    if (lease.epoch == owner.epoch && owner.process != process)
      fail("one epoch has one owner", fmt::format("shard {}", lease.shard.number));
    if (lease.epoch > owner.epoch) trace_.note("takes shard", {lease.shard.number}, std::int64_t(lease.epoch));
    owner = {lease.epoch, process, lease.expires_at};
  }
}

bool Witness::stale(const store::Lease& fence) const {
  return owners_[fence.shard.number].epoch != fence.epoch;
}

void Witness::reread(ReminderId id, const char* by, bool may_change) {
  const auto reminder = store_->read_reminder(tenant_, id);
  const auto known = seen_.find(id);
  if (!reminder) {
    if (known != seen_.end()) fail("no reminder is lost", "its row is gone", id.bytes());
    return;
  }
  const bool is_new = known == seen_.end();
  Seen& seen = seen_[id];
  const bool changed = is_new || seen.state != reminder->state || seen.attempt != reminder->attempt ||
                       seen.next_at != reminder->next_at || seen.due_at != reminder->due_at;
  if (!changed) return;
  trace_.note(to_string(reminder->state).data(), id.bytes(), reminder->attempt);
  if (!may_change)
    return fail("the dead are fenced: a stale epoch changes nothing",
                fmt::format("{} made it {}", by, to_string(reminder->state)), id.bytes());
  if (!is_new && seen.state != reminder->state && !may_become(seen.state, reminder->state))
    fail("states follow the arrows of the state machine",
         fmt::format("{}: {} became {}", by, to_string(seen.state), to_string(reminder->state)),
         id.bytes());
  if (!is_new) --tally_.states[seen.state];
  if (is_new) ++tally_.planned;
  ++tally_.states[reminder->state];
  if (is_new || seen.state != reminder->state) seen.since = timeline_.now();
  seen.citizen = reminder->citizen;
  seen.state = reminder->state;
  seen.attempt = reminder->attempt;
  seen.due_at = reminder->due_at;
  seen.next_at = reminder->next_at;
  seen.statutory = reminder->statutory;
  seen.legal = reminder->lane == Lane::legal_deadline;
  seen.reason = reminder->state_reason;
  file_under(open_, id, !is_settled(seen.state));
  file_under(open_of_[seen.citizen], id, !is_settled(seen.state));
  file_under(in_hand_, id, is_in_hand(seen.state));
}

void Witness::claimed(const store::Lease& fence, std::span<const ReminderId> ids,
                      std::span<const store::ClaimedReminder> claimed, Instant now) {
  const bool old = stale(fence);
  if (old && !claimed.empty())
    fail("the dead are fenced: a stale epoch changes nothing", "it claimed",
         claimed.front().reminder.id.bytes());
  for (const auto id : ids) reread(id, "a claim", !old);
  for (const auto& each : claimed) {
    Claim claim;
    judge_claim(each, now, claim);
    claims_[each.reminder.id] = std::move(claim);
  }
}

void Witness::judge_claim(const store::ClaimedReminder& claimed, Instant now, Claim& claim) {
  const auto profile = profile::profile_from_json(claimed.citizen.profile, "Europe/Paris");
  claim.attempt = claimed.reminder.attempt;
  claim.at = timeline_.now();
  claim.by_wall = now;
  if (const auto& process = timeline_.current()) {
    claim.process = process->serial;
    claim.paused_before = process->paused_for;
  }
  claim.not_now = why_not_now(claimed, profile, now);
  claim.ways = allowed_ways(claimed, profile);
}

void Witness::begun(const store::Lease& fence, std::span<const store::Flight> flights,
                    std::span<const ReminderId> leaving) {
  const bool old = stale(fence);
  for (const auto& flight : flights) {
    const ReminderId id = flight.delivery.reminder;
    reread(id, "a flight", !old);
    if (std::find(leaving.begin(), leaving.end(), id) == leaving.end()) continue;
    if (old) fail("the dead are fenced: a stale epoch changes nothing", "it began a flight", id.bytes());
    flying_[flight.delivery.id] = {id, flight.attempt, fence.epoch,
                                   timeline_.current() ? timeline_.current()->serial : 0};
    const auto claim = claims_.find(id);
    if (claim == claims_.end() || claim->second.attempt != flight.attempt) {
      fail("what leaves was claimed before", "no claim of this attempt", id.bytes());
      continue;
    }
    if (!claim->second.not_now.empty())
      fail("never late and wrong: what has lost its sense is not sent", claim->second.not_now, id.bytes());
  }
}

void Witness::settled(const store::Lease& fence, std::span<const store::Settlement> settlements,
                      std::span<const ReminderId> changed) {
  const bool old = stale(fence);
  for (const auto& settlement : settlements) {
    const ReminderId id = settlement.reminder;
    reread(id, "an outcome", !old);
    if (std::find(changed.begin(), changed.end(), id) == changed.end()) continue;
    if (old) fail("the dead are fenced: a stale epoch changes nothing", "it wrote an outcome", id.bytes());
    if (!settlement.delivery) continue;
    const auto result = notify::parse_result_class(settlement.delivery->result);
    for (auto& handing : handings_[id]) {
      if (!result || handing.key != settlement.delivery->idempotency_key) continue;
      const bool asked = handing.attempt != settlement.attempt;
      using R = notify::ResultClass;
      if (*result == R::accepted || *result == R::delivered) handing.fate = Fate::done;
      else if (*result == R::bad_address) handing.fate = Fate::closed;
      else if (*result == R::rejected) handing.fate = Fate::refused;
      else if (asked) continue;  // an answer of "later" to a question says nothing of the message
      else if (*result == R::unknown) handing.fate = Fate::doubt;
      else handing.fate = Fate::later;
    }
  }
}

void Witness::recovered(const store::Lease& fence) {
  std::vector<ReminderId> mine;
  for (const auto id : in_hand_) {
    if (id.shard() == fence.shard) mine.push_back(id);
  }
  const bool old = stale(fence);
  for (const auto id : mine) reread(id, "a recovery", !old);
}

void Witness::committed(std::span<const ReminderId> written) {
  for (const auto id : written) reread(id, "the planner", true);
}

}  // namespace rappel::simulation
