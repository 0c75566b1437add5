// SPDX-License-Identifier: Apache-2.0
#include "dispatch/providers.hpp"

#include <algorithm>
#include <utility>

namespace rappel::dispatch {

bool Providers::serve(Channel channel) const {
  return std::any_of(routes_.begin(), routes_.end(),
                     [&](const Route& route) { return route.channel == channel; });
}

const Route* Providers::named(std::string_view notifier, Channel channel) const {
  const auto found = std::find_if(routes_.begin(), routes_.end(), [&](const Route& route) {
    return route.notifier == notifier && route.channel == channel;
  });
  return found == routes_.end() ? nullptr : &*found;
}

bool Providers::takes(const Route& route) {
  return route.ready && route.weight > 0 && route.limit > 0;
}

Providers::Choice Providers::choose(Channel channel) {
  Route* chosen = nullptr;
  Route* soonest = nullptr;
  double total = 0;
  const bool any_room = std::any_of(routes_.begin(), routes_.end(), [&](const Route& route) {
    return route.channel == channel && takes(route) && route.room > 0;
  });
  for (auto& route : routes_) {
    if (route.channel != channel) continue;
    const auto rank = [](const Route& one) { return std::pair(!one.ready, one.again); };
    if (soonest == nullptr || rank(route) < rank(*soonest)) soonest = &route;
    if (!takes(route) || (any_room && route.room == 0)) continue;
    total += route.weight;
    route.turn += route.weight;
    turns_[route.notifier] += route.weight;
    if (chosen == nullptr || route.turn > chosen->turn) chosen = &route;
  }
  if (chosen == nullptr) return {soonest, true};
  chosen->turn -= total;
  turns_[chosen->notifier] -= total;
  return use(*chosen);
}

Providers::Choice Providers::use(const Route& route) {
  if (!takes(route)) return {&route, true};
  auto& used = routes_[std::size_t(&route - routes_.data())];
  --used.limit;
  if (used.room > 0) --used.room;
  return {&route, false};
}

bool Providers::stopped_for_long(Channel channel) const {
  return std::all_of(routes_.begin(), routes_.end(), [&](const Route& route) {
    return route.channel != channel ||
           (route.stopped_since && now_ - *route.stopped_since >= sick_channel_patience);
  });
}

bool Providers::worth_waiting(Channel channel, std::optional<Instant> expires_at) const {
  return std::any_of(routes_.begin(), routes_.end(), [&](const Route& route) {
    if (route.channel != channel) return false;
    if (takes(route)) return true;
    const bool in_time = !expires_at || route.again < *expires_at;
    return in_time && (!route.stopped_since || now_ - *route.stopped_since < sick_channel_patience);
  });
}

}  // namespace rappel::dispatch
