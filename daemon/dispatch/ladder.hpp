// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dispatch/stages.hpp"

// Which way a reminder goes. The ladder is made anew each time from what the citizen wants now; what
// was tried before is remembered by its deliveries (notifier, channel, address), never by a place on
// the ladder, so that doubt about a message stays with the very way that it took, whatever the
// citizen changes meanwhile (docs/decisions/0006-ways-are-remembered-by-their-deliveries.md). Pure.

namespace rappel::dispatch {

/// One way to reach this citizen with this reminder. An address gone bad leaves its rung empty.
struct Rung {
  const Route* route = nullptr;
  std::string address;
};

/// The ways in the order they are tried: the reminder's own channels, else the citizen's preference,
/// else the order of their contact points; only channels that a notifier serves and that the citizen
/// agreed to, where they were asked.
std::vector<Rung> ladder(const Parcel& parcel, std::span<const Route> routes);

/// Goes on with the series begun, as far as its state and the citizen's ladder allow it, else opens
/// the first way that no series has closed. An outcome nobody knows is sent again only where a second
/// copy cannot be seen and the address still is the citizen's, asked about where the provider can
/// answer, and else given up for the next way.
Course course_of(const Parcel& parcel, std::span<const Route> routes);

}  // namespace rappel::dispatch
