// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/instant.hpp"
#include "profile/channel.hpp"

namespace rappel::simulation {

/// What one run is made of; nothing else decides what happens in it.
struct Settings {
  std::uint64_t seed = 1;
  int citizens = 8;
  int years = 1;
};

/// How fast the machinery turns. Years are played, so that everything that is seconds in a daemon is
/// hours here, in about the same proportions.
struct Pace {
  std::chrono::hours lease_ttl{4};
  std::chrono::minutes lease_margin{48};
  std::chrono::hours horizon{24};
  std::chrono::hours sweep{96};
  std::chrono::hours sleep_max{1};
  std::chrono::hours checkpoint{24};
  std::chrono::hours calm_least{24 * 8}, calm_most{24 * 24};
  int shards = 3;

  /// How long after the last fault everything that is due must have been taken up.
  [[nodiscard]] std::chrono::hours settled_within() const { return lease_ttl * 3 + sweep + horizon; }
};
Pace pace_of(const Settings& settings);

/// A way out of the town, as the daemon is configured with it and as the witness judges it.
struct Way {
  const char* notifier;
  Channel channel;
  bool repeatable;
  bool can_query;
};
inline const std::vector<Way> ways{{"mail", Channel::email, true, false},
                                   {"sms", Channel::sms, false, true},
                                   {"inbox", Channel::inapp, true, false}};

/// A named bug that the simulation must find. Set once at start; "" is none.
void plant(std::string_view bug);
bool planted(std::string_view bug);
inline const std::vector<std::string_view> bugs{"forget the fence", "skip the re-check",
                                                "retry an unknown", "drop on restart",
                                                "fire twice on a DST fold"};

}  // namespace rappel::simulation
