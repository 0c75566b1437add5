// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dispatch/providers.hpp"

// Which way a reminder goes. The ladder is made anew each time from what the citizen wants now; what
// was tried before is remembered by its deliveries (notifier, channel, address), never by a place on
// the ladder, so that doubt about a message stays with the very way that it took, whatever the
// citizen changes meanwhile (docs/decisions/0006-ways-are-remembered-by-their-deliveries.md). Pure.

namespace rappel::dispatch {

/// One way to reach this citizen with this reminder. An address gone bad leaves its rung empty.
struct Rung {
  Channel channel = Channel::email;
  std::string address;
};

/// The ways in the order they are tried: the reminder's own channels, else the citizen's preference,
/// else the order of their contact points; only channels that a notifier serves.
std::vector<Rung> ladder(const Parcel& parcel, const Providers& providers);

/// Whether an attempt of this series may have left without an answer: then no other notifier may be
/// given its message.
bool doubted(const Delivery& begun);

/// Goes on with the series begun, as far as its state and the citizen's ladder allow it, else opens
/// the first way that no series has closed. An outcome nobody knows is sent again only where a second
/// copy cannot be seen and the address still is the citizen's, asked about where the provider can
/// answer, and else given up for the next way. A series whose notifier takes nothing now goes on with
/// another of its channel, if nothing of it can have left. A channel of which no provider has taken
/// anything for long is passed over while another way is open.
Course course_of(const Parcel& parcel, Providers& providers);

}  // namespace rappel::dispatch
