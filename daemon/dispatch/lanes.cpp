// SPDX-License-Identifier: Apache-2.0
#include "dispatch/lanes.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "dispatch/providers.hpp"

namespace rappel::dispatch {

using std::chrono::microseconds;

namespace {

LaneOptions lane_options(const std::string& notifier, const std::vector<LaneOptions>& all) {
  for (const auto& options : all) {
    if (options.notifier == notifier) return options;
  }
  return {.notifier = notifier, .rate = {}, .breaker = {}};
}

double seconds_of(microseconds time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

Lanes::Lanes(Carrier& carrier, Loop& loop, const std::vector<Route>& routes,
             const std::vector<LaneOptions>& options, Share share)
    : carrier_(carrier), loop_(loop), share_(std::move(share)) {
  for (const auto& route : routes) {
    const auto [entry, fresh] = entries_.try_emplace(
        route.notifier, Entry{route, NotifierLane(lane_options(route.notifier, options))});
    if (fresh) order_.push_back(route.notifier);
    any_limited_ = any_limited_ || entry->second.lane.options().rate.per_second > 0;
  }
}

Instant Lanes::wall(microseconds steady) const { return loop_.now() + (steady - loop_.steady()); }

void Lanes::refresh_share() {
  const auto now = loop_.steady();
  if (!any_limited_ || (shared_at_ && now - *shared_at_ < share_age_max)) return;
  shared_at_ = now;
  const double share = share_ ? share_() : 1.0;
  for (auto& [notifier, entry] : entries_) entry.lane.set_share(share, now);
}

// --- room -------------------------------------------------------------------------------------------

/// What already waits, and the jobs under way, go first.
std::size_t Lanes::free_room(Entry& entry) {
  const std::size_t window = carrier_.window(entry.route.notifier);
  const std::size_t room = entry.lane.room(window, loop_.steady());
  const std::size_t promised = entry.waiting.size() + entry.reserved;
  return room > promised ? room - promised : 0;
}

std::size_t Lanes::room_most(Entry& entry) {
  const std::size_t window = carrier_.window(entry.route.notifier) + entry.lane.in_hand();
  entry.window_most = std::max(entry.window_most, window);
  return entry.lane.room_most(entry.window_most, loop_.steady());
}

/// A flight costs a transaction, whatever its size: so many leave at once, or all that wait.
std::size_t Lanes::boarding_size(Entry& entry, std::size_t boarding_min) {
  return std::min({boarding_min, entry.waiting.size(), std::max<std::size_t>(1, room_most(entry) / 2)});
}

Lanes::Room Lanes::room() {
  refresh_share();
  Room room;
  for (auto& [notifier, entry] : entries_) {
    if (!carrier_.ready(notifier) || !entry.lane.flows(loop_.steady())) continue;
    room.any_flows = true;
    room.now += free_room(entry);
    room.most += room_most(entry);
  }
  return room;
}

std::map<std::string, std::size_t> Lanes::reserve(std::size_t count) {
  refresh_share();
  std::map<std::string, std::size_t> room;
  for (auto& [notifier, entry] : entries_) {
    room[notifier] = std::min(count, free_room(entry));
    entry.reserved += room[notifier];
  }
  return room;
}

void Lanes::unreserve(const std::map<std::string, std::size_t>& room) {
  for (const auto& [notifier, count] : room) at(notifier).reserved -= count;
}

std::vector<Route> Lanes::routes() {
  const auto now = loop_.steady();
  std::vector<Route> routes;
  for (const auto& notifier : order_) {
    auto& entry = at(notifier);
    Route route = entry.route;
    route.ready = carrier_.ready(notifier);
    route.can_query = carrier_.can_query(notifier);
    route.weight = entry.lane.weight_now(now);
    route.room = free_room(entry);
    route.ailing = entry.lane.breaker().ailing(now);
    // A probe is one message.
    if (entry.lane.breaker().state(now) == BreakerState::half_open) route.limit = 1;
    route.again = wall(entry.lane.flows_again(now));
    route.stopped_since = entry.stopped_since;
    routes.push_back(std::move(route));
  }
  pass_over_full(routes, entries_);
  return routes;
}

/// A full waiting room gets nothing while another provider of the channel has place. Where all are full,
/// newcomers displace others: who goes first is decided there.
void Lanes::pass_over_full(std::vector<Route>& routes, const std::map<std::string, Entry>& entries) {
  const auto full = [&](const Route& route) {
    return entries.at(route.notifier).waiting.size() >= waiting_room_max;
  };
  for (auto& route : routes) {
    const bool other = std::any_of(routes.begin(), routes.end(), [&](const Route& one) {
      return one.channel == route.channel && Providers::takes(one) && !full(one);
    });
    if (other && full(route)) route.weight = 0;
  }
}

void Lanes::credit(const std::map<std::string, double>& turns) {
  for (const auto& [notifier, change] : turns) at(notifier).route.turn += change;
}

// --- what waits -------------------------------------------------------------------------------------

std::optional<Departure> Lanes::wait(Departure departure) {
  auto& entry = at(departure.notifier);
  const Lane lane = urgency_of(departure.flying.reminder);
  const TenantId tenant = departure.flying.tenant;
  entry.waiting.push(lane, tenant, {std::move(departure), loop_.now()});
  if (entry.waiting.size() <= waiting_room_max) return std::nullopt;
  ++entry.put_off;
  return entry.waiting.displace().departure;
}

Lanes::Boarding Lanes::board(const std::string& notifier, std::size_t boarding_min,
                             std::chrono::seconds wait_max) {
  refresh_share();
  auto& entry = at(notifier);
  Boarding boarding;
  if (entry.waiting.empty()) return boarding;
  if (loop_.now() - entry.stale_looked_at >= stale_look_every) {
    entry.stale_looked_at = loop_.now();
    const Instant oldest = loop_.now() - wait_max;
    for (auto& old : entry.waiting.take_if([&](const Waiting& one) { return one.since < oldest; }))
      boarding.stale.push_back(std::move(old.departure));
  }
  const std::size_t room = entry.lane.room(carrier_.window(notifier), loop_.steady());
  std::size_t free = room > entry.reserved ? room - entry.reserved : 0;
  if (free < boarding_size(entry, boarding_min)) return boarding;
  for (; free > 0; --free) {
    auto next = entry.waiting.pop();
    if (!next) break;
    boarding.leaving.push_back(std::move(next->departure));
  }
  return boarding;
}

std::vector<Departure> Lanes::clear(const std::string& notifier) {
  return take_out(notifier, store::ShardSet().set());
}

std::vector<Departure> Lanes::take_out(const std::string& notifier, const store::ShardSet& shards) {
  std::vector<Departure> taken;
  for (auto& one : at(notifier).waiting.take_if([&](const Waiting& waiting) {
         return shards.test(waiting.departure.flying.reminder.id.shard().number);
       }))
    taken.push_back(std::move(one.departure));
  return taken;
}

std::size_t Lanes::waiting() const {
  std::size_t count = 0;
  for (const auto& [notifier, entry] : entries_) count += entry.waiting.size();
  return count;
}

std::vector<std::string> Lanes::notifiers_waited_for() const {
  std::vector<std::string> notifiers;
  for (const auto& notifier : order_) {
    if (!entries_.at(notifier).waiting.empty()) notifiers.push_back(notifier);
  }
  return notifiers;
}

Instant Lanes::put_off_until(const std::string& notifier, double jitter) {
  const auto steady = loop_.steady();
  const Instant now = loop_.now();
  auto& entry = at(notifier);
  for (auto& [name, other] : entries_) {
    const bool serves = name != notifier && other.route.channel == entry.route.channel;
    if (serves && carrier_.ready(name) && other.lane.weight_now(steady) > 0 &&
        other.waiting.size() < waiting_room_max)
      return now;
  }
  if (!entry.lane.flows(steady)) return wall(entry.lane.flows_again(steady));
  // One turn after the other at the lane's pace; beyond the longest wait, anywhere within it.
  const double ahead = double(entry.waiting.size()) / entry.lane.pace();
  const Instant first = now + microseconds{std::int64_t(ahead * 1e6)};
  const auto turn = microseconds{std::int64_t(1e6 / entry.lane.pace())};
  entry.booked_until = std::max(entry.booked_until + turn, first);
  if (entry.booked_until > now + put_off_max) {
    entry.booked_until = now + put_off_max;
    return now + put_off_min +
           microseconds{std::int64_t(jitter * 1e6 * seconds_of(put_off_max - put_off_min))};
  }
  return std::max<Instant>(entry.booked_until, now + put_off_min);
}

// --- answers ----------------------------------------------------------------------------------------

bool Lanes::flows(const std::string& notifier) { return at(notifier).lane.flows(loop_.steady()); }

Instant Lanes::flows_again(const std::string& notifier) {
  return wall(at(notifier).lane.flows_again(loop_.steady()));
}

bool Lanes::is_overdue(const Flying& flying) {
  return !flying.overdue && !flying.ask_only &&
         at(flying.delivery.notifier).lane.is_slow(flying.handed_at, loop_.steady());
}

void Lanes::handed(const std::string& notifier, std::size_t count) {
  at(notifier).lane.handed(count, loop_.steady());
}

bool Lanes::answered(const notify::SendResult& result, const Flying& flying) {
  auto& entry = at(flying.delivery.notifier);
  const auto change = entry.lane.answered(result, flying.handed_at, flying.ask_only || flying.overdue,
                                          loop_.steady());
  const bool sent = result.result == notify::ResultClass::accepted ||
                    result.result == notify::ResultClass::delivered;
  if (sent && entry.lane.breaker().state(loop_.steady()) == BreakerState::closed)
    entry.stopped_since.reset();
  return note(entry, change, std::string(to_string(result.result)));
}

bool Lanes::overdue(const Flying& flying) {
  auto& entry = at(flying.delivery.notifier);
  return note(entry, entry.lane.overdue(flying.handed_at, loop_.steady()), "no answer");
}

bool Lanes::note(Entry& entry, const NotifierLane::Change& change, const std::string& detail) {
  if (change.breaker) say(entry, *change.breaker, detail);
  if (change.paused)
    log::notice("RPL-0422", "notifier {} is paused for {:.0f} s, its provider asked for it",
                entry.route.notifier, seconds_of(*change.paused));
  const bool stopped = change.paused.has_value() || change.breaker == BreakerState::open;
  if (stopped && !entry.stopped_since) entry.stopped_since = loop_.now();
  if (change.breaker == BreakerState::open) spare_last_providers();
  return stopped;
}

/// Each illness is told once, however many probes fail, and so is its end.
void Lanes::say(Entry& entry, BreakerState state, const std::string& detail) {
  const bool sick = state != BreakerState::closed;
  if (std::exchange(entry.told_sick, sick) == sick) return;
  if (!sick)
    return log::notice("RPL-0421", "notifier {} answers well again, its breaker is closed",
                       entry.route.notifier);
  log::warning(
      "RPL-0420",
      "notifier {} is sick ({:.0f} % of its last answers, the latest: {}), its breaker is open; it is "
      "tried again in {:.0f} s",
      entry.route.notifier, entry.lane.breaker().ill_share() * 100, detail,
      seconds_of(entry.lane.breaker().open_until() - loop_.steady()));
}

/// A channel never loses its last provider: where all are sick, the least sick is tried again soon.
void Lanes::spare_last_providers() {
  const auto now = loop_.steady();
  std::map<Channel, Entry*> least;
  std::map<Channel, bool> all_open;
  for (auto& [notifier, entry] : entries_) {
    const auto channel = entry.route.channel;
    const bool open = entry.lane.breaker().state(now) == BreakerState::open;
    all_open.try_emplace(channel, true).first->second &= open;
    auto& best = least[channel];
    if (best == nullptr ||
        entry.lane.breaker().ill_share() < best->lane.breaker().ill_share())
      best = &entry;
  }
  for (const auto& [channel, entry] : least) {
    if (all_open[channel]) entry->lane.breaker().rest_at_most(last_provider_rest);
  }
}

// --- time -------------------------------------------------------------------------------------------

void Lanes::look(microseconds every) {
  refresh_share();
  spare_last_providers();
  for (auto& [notifier, entry] : entries_) entry.lane.measure(every);
}

microseconds Lanes::room_in(std::size_t boarding_min) {
  auto soonest = microseconds::max();
  for (auto& [notifier, entry] : entries_) {
    if (!carrier_.ready(notifier)) continue;
    const std::size_t wanted = std::max<std::size_t>(1, boarding_size(entry, boarding_min));
    const auto wait = entry.lane.room_in(wanted, loop_.steady());
    if (wait > microseconds{0}) soonest = std::min(soonest, wait);
  }
  return soonest;
}

std::vector<LaneStatus> Lanes::status() {
  std::vector<LaneStatus> all;
  for (const auto& notifier : order_) {
    auto& entry = at(notifier);
    auto status = entry.lane.status(loop_.steady());
    status.channel = entry.route.channel;
    status.ready = carrier_.ready(notifier);
    status.waiting = entry.waiting.size();
    status.put_off = entry.put_off;
    all.push_back(std::move(status));
  }
  return all;
}

}  // namespace rappel::dispatch
