// SPDX-License-Identifier: Apache-2.0
// The dispatcher's lanes: what room a notifier has, what waits for it, and what boards.
#include <algorithm>

#include "base/log.hpp"
#include "dispatch/dispatcher.hpp"

namespace rappel::dispatch {

/// Lanes move with every result; one whose sender is silent is looked at all the same, for as long as
/// something waits.
void Dispatcher::watch_lanes() {
  if (lanes_watched_) return;
  lanes_watched_ = true;
  loop_.after(options_->lane_look_every, [this] { look_at_lanes(); });
}

void Dispatcher::look_at_lanes() {
  lanes_watched_ = false;
  for (const auto& route : options_->routes) {
    if (!lanes_[route.notifier].empty()) pump(route.notifier);
  }
  const bool waiting = std::any_of(lanes_.begin(), lanes_.end(),
                                   [](const auto& lane) { return !lane.second.empty(); });
  if (waiting) watch_lanes();
}

/// No more than may leave at once: what is claimed and must wait is written twice. While no sender is
/// there at all, reminders are taken to be put off.
std::size_t Dispatcher::capacity() const {
  const std::size_t left = works_ >= options_->works_max ? 0 : options_->works_max - works_;
  std::size_t room = 0;
  bool any_ready = false;
  for (const auto& route : options_->routes) {
    if (!carrier_.ready(route.notifier)) continue;
    any_ready = true;
    const auto taken = promised(route.notifier);
    const auto window = carrier_.window(route.notifier);
    room += window > taken ? window - taken : 0;
  }
  return any_ready ? std::min(left, room) : left;
}

/// Room that what waits in the lane and the jobs under way have been given.
std::size_t Dispatcher::promised(const std::string& notifier) const {
  const auto lane = lanes_.find(notifier);
  const auto reserved = reserved_.find(notifier);
  return (lane == lanes_.end() ? 0 : lane->second.size()) +
         (reserved == reserved_.end() ? 0 : reserved->second);
}

std::map<std::string, std::size_t> Dispatcher::reserve_room(std::size_t count) {
  std::map<std::string, std::size_t> room;
  for (const auto& route : options_->routes) {
    // What already waits in the lane goes first.
    const std::size_t taken = promised(route.notifier);
    const std::size_t window = carrier_.window(route.notifier);
    room[route.notifier] = window > taken ? std::min(count, window - taken) : 0;
    reserved_[route.notifier] += room[route.notifier];
  }
  return room;
}

void Dispatcher::unreserve(const std::map<std::string, std::size_t>& room) {
  for (const auto& [notifier, count] : room) reserved_[notifier] -= count;
}

void Dispatcher::pump(const std::string& notifier) {
  auto& lane = lanes_[notifier];
  auto& reserved = reserved_[notifier];
  std::map<Shard, std::vector<Departure>> boarding;
  const std::size_t window = carrier_.window(notifier);
  std::size_t room = window > reserved ? window - reserved : 0;
  // A flight costs a transaction, whatever its size.
  if (room < std::min(lane.size(), options_->boarding_min)) room = 0;
  while (!lane.empty()) {
    if (loop_.now() - lane.front().since > options_->lane_wait_max) {
      release(lane.front().departure);
    } else if (room > 0) {
      --room;
      auto& departures = boarding[lane.front().departure.flying.reminder.id.shard()];
      departures.push_back(std::move(lane.front().departure));
    } else {
      break;
    }
    lane.pop_front();
  }
  for (auto& [shard, departures] : boarding) board(notifier, shard, std::move(departures));
}

void Dispatcher::board(const std::string& notifier, Shard shard,
                       std::vector<Departure> departures) {
  const auto fence = hooks_.lease(shard);
  if (!fence) {
    // Claimed rows of a lost shard are returned by the next owner's recovery; those of a lease that
    // waits for its renewal go back by us, once it is renewed.
    for (const auto& departure : departures) release(departure);
    return;
  }
  std::vector<ReminderId> ids;
  for (const auto& departure : departures) ids.push_back(departure.flying.reminder.id);
  const std::map<std::string, std::size_t> room{{notifier, departures.size()}};
  reserved_[notifier] += departures.size();
  auto shared = std::make_shared<std::vector<Departure>>(std::move(departures));
  const bool queued = run_job(
      jobs_, loop_,
      [this, fence = *fence, shared, now = loop_.now()] {
        return begin_departures(store_, fence, *shared, now);
      },
      [this, fence = *fence, room, ids](JobResult<Prepared>& result) {
        unreserve(room);
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
  unreserve(room);
  for (const auto& departure : *shared) release(departure);
}

/// Not sent, not in flight: it is planned again and will be rendered anew.
void Dispatcher::release(const Departure& departure) {
  settle(release_of(departure, loop_.now()));
}

void Dispatcher::give_back_waiting() {
  for (auto& [notifier, lane] : lanes_) {
    for (const auto& waiting : lane) release(waiting.departure);
    lane.clear();
  }
}

}  // namespace rappel::dispatch
