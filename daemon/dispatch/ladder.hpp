// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "dispatch/stages.hpp"

namespace rappel::dispatch {

/// One way to reach this citizen with this reminder.
struct Rung {
  const Route* route = nullptr;
  std::string address;
};

/// The ways in the order they are tried: the reminder's own channels, else the citizen's preference,
/// else the order of their contact points; only channels that a notifier serves and that have a
/// usable address. The order must not change while a reminder climbs down it, so that
/// `channel_index` keeps its meaning: an address gone bad keeps its rung and is skipped.
std::vector<Rung> ladder(const Parcel& parcel, std::span<const Route> routes);

}  // namespace rappel::dispatch
