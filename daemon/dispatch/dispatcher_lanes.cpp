// SPDX-License-Identifier: Apache-2.0
// The dispatcher's lanes: what room a notifier has, what waits for it, and what boards.
#include <algorithm>
#include <unordered_set>

#include "base/log.hpp"
#include "dispatch/dispatcher.hpp"

namespace rappel::dispatch {

/// Lanes move with every result; they are looked at all the same while something waits or flies, and
/// sooner when time alone will make room.
void Dispatcher::watch_lanes() {
  const auto soonest = lanes_.room_in(options_->boarding_min);
  const auto delay = std::clamp<std::chrono::microseconds>(soonest, lane_look_min,
                                                           options_->lane_look_every);
  const auto at = loop_.steady() + delay;
  if (watched_for_ && *watched_for_ <= at) return;
  watched_for_ = at;
  loop_.after(delay, [this, at] {
    if (watched_for_ == at) look_at_lanes();
  });
}

void Dispatcher::look_at_lanes() {
  watched_for_.reset();
  const auto since = loop_.steady() - looked_at_;
  if (since >= options_->lane_look_every) {
    looked_at_ = loop_.steady();
    idle_works_ = 0;
    lanes_.look(since);
    look_for_overdue();
  }
  for (const auto& notifier : lanes_.notifiers_waited_for()) pump(notifier);
  if (lanes_.waiting() > 0 || !flying_.empty()) watch_lanes();
  if (hooks_.room) hooks_.room();
}

/// A provider that does not answer at all is noticed before its sender is given up.
void Dispatcher::look_for_overdue() {
  std::unordered_set<std::string> stopped;
  for (auto& [id, flying] : flying_) {
    if (!lanes_.is_overdue(flying)) continue;
    flying.overdue = true;
    if (lanes_.overdue(flying)) stopped.insert(flying.delivery.notifier);
  }
  for (const auto& notifier : stopped) empty_lane(notifier);
}

/// No more than may leave at once: what is claimed and must wait is written twice. While no sender is
/// there at all, reminders are taken to be put off.
Lanes::Room Dispatcher::room() {
  const std::size_t left = works_ >= options_->works_max ? 0 : options_->works_max - works_;
  const bool any_ready =
      std::any_of(options_->routes.begin(), options_->routes.end(),
                  [this](const Route& route) { return carrier_.ready(route.notifier); });
  if (!any_ready) return {left, left, false};
  auto room = lanes_.room();
  if (!room.any_flows) room.now = room.most = idle_works_max - std::min(idle_works_max, idle_works_);
  room.now = std::min(room.now, left);
  if (room.now == 0) watch_lanes();
  return room;
}

void Dispatcher::pump(const std::string& notifier) {
  auto boarding = lanes_.board(notifier, options_->boarding_min, options_->lane_wait_max);
  for (const auto& stale : boarding.stale) release(stale, loop_.now());
  std::map<Shard, std::vector<Departure>> by_shard;
  for (auto& departure : boarding.leaving)
    by_shard[departure.flying.reminder.id.shard()].push_back(std::move(departure));
  for (auto& [shard, departures] : by_shard) board(notifier, shard, std::move(departures));
  if (lanes_.waiting() > 0) watch_lanes();
}

/// There is no room for them, or none any more.
void Dispatcher::put_off(const std::string& notifier, const std::vector<Departure>& departures) {
  for (const auto& departure : departures)
    release(departure, lanes_.put_off_until(notifier, jitter()));
}

/// Its provider has stopped: what waits here may go another way.
void Dispatcher::empty_lane(const std::string& notifier) { put_off(notifier, lanes_.clear(notifier)); }

void Dispatcher::board(const std::string& notifier, Shard shard,
                       std::vector<Departure> departures) {
  const auto fence = hooks_.lease(shard);
  if (!fence) {
    // Claimed rows of a lost shard are returned by the next owner's recovery; those of a lease that
    // waits for its renewal go back by us, once it is renewed.
    for (const auto& departure : departures) release(departure, loop_.now());
    return;
  }
  std::vector<ReminderId> ids;
  for (const auto& departure : departures) ids.push_back(departure.flying.reminder.id);
  const std::map<std::string, std::size_t> room{{notifier, departures.size()}};
  lanes_.reserve(notifier, departures.size());
  auto shared = std::make_shared<std::vector<Departure>>(std::move(departures));
  const bool queued = run_job(
      jobs_, loop_,
      [this, fence = *fence, shared, now = loop_.now()] {
        return Prepared{begin_departures(store_, fence, *shared, now), {}, {}, {}};
      },
      [this, fence = *fence, room, ids](JobResult<Prepared>& result) {
        lanes_.unreserve(room);
        Prepared none;
        if (!result.ok()) {
          if (const auto silent = not_left_.pass(loop_.steady()))
            log::warning("RPL-0405", "a batch of shard {} could not leave, the database failed: {}{}",
                         fence.shard.number, result.error(), and_more(*silent));
          hooks_.renounce(fence.shard);
        }
        on_prepared(fence, result.ok() ? result.value() : none, ids);
      });
  if (queued) return;
  lanes_.unreserve(room);
  for (const auto& departure : *shared) release(departure, loop_.now());
}

/// Not sent, not in flight: it is planned again and will be rendered anew.
void Dispatcher::release(const Departure& departure, Instant next) {
  store::Settlement settlement;
  settlement.tenant = departure.flying.tenant;
  settlement.reminder = departure.flying.reminder.id;
  settlement.due_at = departure.flying.reminder.due_at;
  settlement.attempt = departure.flying.reminder.attempt;
  settlement.channel_index = departure.flying.reminder.channel_index;
  settlement.tries = departure.flying.reminder.tries;
  settlement.to =
      departure.flying.outcome_unknown ? ReminderState::unknown : ReminderState::planned;
  const auto& expires_at = departure.flying.reminder.expires_at;
  settlement.next_at = expires_at ? std::min(next, *expires_at) : next;
  settle(std::move(settlement));
}

void Dispatcher::give_back_waiting(const store::ShardSet& shards) {
  for (const auto& notifier : lanes_.notifiers_waited_for()) {
    for (const auto& departure : lanes_.take_out(notifier, shards)) release(departure, loop_.now());
  }
}

}  // namespace rappel::dispatch
