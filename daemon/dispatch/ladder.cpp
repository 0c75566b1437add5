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

std::string address_of(const Delivery& delivery) {
  const auto* to = delivery.record.if_contains("to");
  return to != nullptr && to->is_string() ? std::string(to->get_string()) : std::string();
}

bool leads_to(const Rung& rung, const Delivery& delivery) {
  return rung.channel == delivery.channel && rung.address == address_of(delivery);
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

/// Whether the series begun may go on; `rung` is its own on today's ladder, if it is still there, and
/// `route` its own notifier.
Onward onward(const Parcel& parcel, const Rung* rung, const Route* route) {
  // Its notifier is not there any more: nobody can be asked, and another would not know the key.
  if (parcel.claimed.outcome_unknown && route == nullptr) return Onward::close;
  if (!parcel.claimed.outcome_unknown) return rung != nullptr ? Onward::repeat : Onward::close;
  // It waits: whether its provider can be asked is known once its sender is there.
  if (!route->ready) return Onward::ask;
  if (route->repeatable && rung != nullptr) return Onward::repeat;
  return route->can_query ? Onward::ask : Onward::close;
}

/// The notifier that goes on with a series: its own, or, when that is not well and nothing of the
/// message can have left by it, whichever of the channel's has its turn. None: it is gone, and nobody else may.
Providers::Choice successor(const Parcel& parcel, const Delivery& begun, const Route* own,
                            Providers& providers) {
  const bool bound =
      parcel.claimed.outcome_unknown || doubted(begun) || !begun.provider_id.empty();
  if (own != nullptr && (bound || (Providers::takes(*own) && !own->ailing))) return providers.use(*own);
  return bound ? Providers::Choice{} : providers.choose(begun.channel);
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

std::vector<Rung> ladder(const Parcel& parcel, const Providers& providers) {
  std::vector<Rung> rungs;
  for (const Channel channel : wanted_channels(parcel)) {
    if (!providers.serve(channel)) continue;
    if (channel == Channel::inapp) {
      rungs.push_back({channel, parcel.claimed.citizen.id.to_string()});
      continue;
    }
    for (const auto& contact : parcel.profile.contacts) {
      if (contact.channel == channel)
        rungs.push_back({channel, contact.usable ? contact.address : std::string()});
    }
  }
  return rungs;
}

bool doubted(const Delivery& begun) {
  const auto* mark = begun.record.if_contains("doubted");
  return mark != nullptr && mark->is_bool() && mark->get_bool();
}

namespace {

/// The series begun goes on; nothing when it is closed.
std::optional<Course> go_on(const Parcel& parcel, const Delivery& begun,
                            const std::vector<Rung>& rungs, Providers& providers) {
  const auto own_rung = std::find_if(rungs.begin(), rungs.end(), [&](const Rung& rung) {
    return !rung.address.empty() && leads_to(rung, begun);
  });
  const Rung* rung = own_rung == rungs.end() ? nullptr : &*own_rung;
  const Route* own = providers.named(begun.notifier, begun.channel);
  const Onward next = onward(parcel, rung, own);
  if (next == Onward::close) return std::nullopt;
  const auto open = open_rungs(parcel, rungs, &begun);
  Course course;
  course.more =
      std::any_of(open.begin(), open.end(), [&](const Rung* other) { return other != rung; });
  // It has failed here, and another way is open: it does not wait for a channel that is sick for long.
  const bool hopeless =
      providers.stopped_for_long(begun.channel) ||
      !providers.worth_waiting(begun.channel, parcel.claimed.reminder.expires_at);
  if (next == Onward::repeat && course.more && !parcel.claimed.outcome_unknown && hopeless)
    return std::nullopt;
  const auto choice = next == Onward::ask ? providers.use(*own)
                                          : successor(parcel, begun, own, providers);
  if (choice.route == nullptr) return std::nullopt;
  course.route = choice.route;
  course.waits = choice.waits;
  course.series = parcel.claimed.reminder.channel_index;
  course.address = address_of(begun);
  course.begun = &begun;
  course.ask_only = next == Onward::ask;
  return course;
}

}  // namespace

Course course_of(const Parcel& parcel, Providers& providers) {
  const auto rungs = ladder(parcel, providers);
  const Delivery* begun = begun_series(parcel);
  Course course;
  course.series = parcel.claimed.reminder.channel_index;
  if (begun != nullptr) {
    if (auto same = go_on(parcel, *begun, rungs, providers)) return *same;
    ++course.series;
  }
  const auto open = open_rungs(parcel, rungs, nullptr);
  if (open.empty()) return course;
  const auto worth = std::find_if(open.begin(), open.end(), [&](const Rung* rung) {
    return providers.worth_waiting(rung->channel, parcel.claimed.reminder.expires_at);
  });
  const Rung& rung = worth == open.end() ? *open.front() : **worth;
  const auto choice = providers.choose(rung.channel);
  course.route = choice.route;
  course.waits = choice.waits;
  course.address = rung.address;
  course.more = open.size() > 1;
  return course;
}

}  // namespace rappel::dispatch
