// SPDX-License-Identifier: Apache-2.0
#include "dispatch/ladder.hpp"

#include <algorithm>

namespace rappel::dispatch {
namespace {

std::vector<Channel> wanted_channels(const Parcel& parcel) {
  if (!parcel.claimed.reminder.channels.empty()) return parcel.claimed.reminder.channels;
  if (!parcel.profile.preferences.channels.empty()) return parcel.profile.preferences.channels;
  std::vector<Channel> channels;
  for (const auto& contact : parcel.profile.contacts) {
    if (std::find(channels.begin(), channels.end(), contact.channel) == channels.end())
      channels.push_back(contact.channel);
  }
  // The inbox needs no address: it is the last resort before a human.
  channels.push_back(Channel::inapp);
  return channels;
}

const Route* route_of(std::span<const Route> routes, Channel channel) {
  const auto found = std::find_if(routes.begin(), routes.end(),
                                  [&](const Route& route) { return route.channel == channel; });
  return found == routes.end() ? nullptr : &*found;
}

}  // namespace

std::vector<Rung> ladder(const Parcel& parcel, std::span<const Route> routes) {
  std::vector<Rung> rungs;
  for (const Channel channel : wanted_channels(parcel)) {
    const Route* route = route_of(routes, channel);
    if (route == nullptr) continue;
    if (channel == Channel::inapp) {
      rungs.push_back({route, parcel.claimed.citizen.id.to_string()});
      continue;
    }
    for (const auto& contact : parcel.profile.contacts) {
      if (contact.channel == channel)
        rungs.push_back({route, contact.usable ? contact.address : std::string()});
    }
  }
  return rungs;
}

}  // namespace rappel::dispatch
