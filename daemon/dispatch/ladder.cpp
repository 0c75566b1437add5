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

/// Nothing is agreed to of the inbox, and a letter is what an administration may always write.
bool agreed(const Parcel& parcel, Channel channel) {
  const auto& consented = parcel.profile.consented_channels;
  return !consented || channel == Channel::inapp || channel == Channel::letter ||
         consented->contains(channel);
}

const Route* route_of(std::span<const Route> routes, Channel channel) {
  const auto found = std::find_if(routes.begin(), routes.end(),
                                  [&](const Route& route) { return route.channel == channel; });
  return found == routes.end() ? nullptr : &*found;
}

std::string address_of(const Delivery& delivery) {
  const auto* to = delivery.record.if_contains("to");
  return to != nullptr && to->is_string() ? std::string(to->get_string()) : std::string();
}

bool leads_to(const Rung& rung, const Delivery& delivery) {
  return rung.route->channel == delivery.channel && rung.address == address_of(delivery);
}

/// The series that the reminder is on, when it has begun: while it waits for room it has not.
const Delivery* begun_series(const Parcel& parcel) {
  const auto id = delivery_id_of(parcel.claimed.reminder.id, parcel.claimed.reminder.channel_index);
  for (const auto& delivery : parcel.claimed.series) {
    if (delivery.id == id) return &delivery;
  }
  return nullptr;
}

enum class Onward { repeat, ask, close };

/// Whether the series begun may go on; `rung` is its own on today's ladder, if it is still there.
Onward onward(const Parcel& parcel, const Rung* rung, const Route* route) {
  if (!parcel.claimed.outcome_unknown) return rung != nullptr ? Onward::repeat : Onward::close;
  // Its notifier is not there any more: nobody can be asked, and another would not know the key.
  if (route == nullptr) return Onward::close;
  // It waits: whether its provider can be asked is known once its sender is there.
  if (!route->ready) return Onward::ask;
  if (route->repeatable && rung != nullptr && rung->route == route) return Onward::repeat;
  return route->can_query ? Onward::ask : Onward::close;
}

/// The ways that lead somewhere and that no series has closed. `going_on` has not been closed.
std::vector<const Rung*> open_rungs(const Parcel& parcel, std::span<const Rung> rungs,
                                    const Delivery* going_on) {
  std::vector<const Rung*> open;
  for (const auto& rung : rungs) {
    const bool closed = std::any_of(
        parcel.claimed.series.begin(), parcel.claimed.series.end(),
        [&](const Delivery& tried) { return &tried != going_on && leads_to(rung, tried); });
    if (!rung.address.empty() && !closed) open.push_back(&rung);
  }
  return open;
}

}  // namespace

std::vector<Rung> ladder(const Parcel& parcel, std::span<const Route> routes) {
  std::vector<Rung> rungs;
  for (const Channel channel : wanted_channels(parcel)) {
    const Route* route = route_of(routes, channel);
    if (route == nullptr || !agreed(parcel, channel)) continue;
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

Course course_of(const Parcel& parcel, std::span<const Route> routes) {
  const auto rungs = ladder(parcel, routes);
  const Delivery* begun = begun_series(parcel);
  Course course;
  course.series = parcel.claimed.reminder.channel_index;
  if (begun != nullptr) {
    const auto own_rung = std::find_if(rungs.begin(), rungs.end(), [&](const Rung& rung) {
      return !rung.address.empty() && leads_to(rung, *begun);
    });
    const Rung* rung = own_rung == rungs.end() ? nullptr : &*own_rung;
    const auto own_route = std::find_if(routes.begin(), routes.end(), [&](const Route& route) {
      return route.notifier == begun->notifier && route.channel == begun->channel;
    });
    const Route* route = own_route == routes.end() ? nullptr : &*own_route;
    const Onward next = onward(parcel, rung, route);
    if (next != Onward::close) {
      const auto open = open_rungs(parcel, rungs, begun);
      course.route = next == Onward::repeat ? rung->route : route;
      course.address = address_of(*begun);
      course.begun = begun;
      course.ask_only = next == Onward::ask;
      course.more = std::any_of(open.begin(), open.end(),
                                [&](const Rung* other) { return other != rung; });
      return course;
    }
    ++course.series;
  }
  const auto open = open_rungs(parcel, rungs, nullptr);
  if (open.empty()) return course;
  course.route = open.front()->route;
  course.address = open.front()->address;
  course.more = open.size() > 1;
  return course;
}

}  // namespace rappel::dispatch
