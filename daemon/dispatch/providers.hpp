// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dispatch/stages.hpp"

// Which of a channel's notifiers a message goes by. Pure; one batch, one thread.

namespace rappel::dispatch {

/// A channel none of whose providers takes anything is waited for so long, where another way is open.
inline constexpr std::chrono::minutes sick_channel_patience{30};
/// Where no other way is open, a human is told after so long.
inline constexpr std::chrono::hours sick_channel_limit{12};

/// The notifiers as they are at the start of a batch, and the smooth weighted choice among those of one
/// channel: each turn adds to every provider its weight, the richest is taken and pays for all. The
/// credits live on between batches: see turns().
class Providers {
 public:
  Providers(std::vector<Route> routes, Instant now) : routes_(std::move(routes)), now_(now) {}

  [[nodiscard]] bool serve(Channel channel) const;
  /// Nothing when there is no such notifier (any more).
  [[nodiscard]] const Route* named(std::string_view notifier, Channel channel) const;
  /// Whether the route takes new messages now.
  [[nodiscard]] static bool takes(const Route& route);
  struct Choice {
    const Route* route = nullptr;
    bool waits = false;  ///< it takes nothing now
  };
  /// The provider whose turn it is among those with room, or if none has room, among all that take
  /// messages; when none takes anything now, the one that will soonest. No route
  /// when the channel has none.
  Choice choose(Channel channel);
  /// A message goes by this route without a choice.
  Choice use(const Route& route);
  /// Whether it is worth waiting for this channel: a provider takes messages, or has not been sick for
  /// longer than sick_channel_patience and may be well before `expires_at`.
  [[nodiscard]] bool worth_waiting(Channel channel, std::optional<Instant> expires_at) const;

  /// Every provider of the channel has been paused or sick for sick_channel_patience, even if one may be
  /// tried with a message now.
  [[nodiscard]] bool stopped_for_long(Channel channel) const;

  /// What the choices have changed in each notifier's credit (Route::turn).
  [[nodiscard]] const std::map<std::string, double>& turns() const { return turns_; }

 private:
  std::vector<Route> routes_;
  Instant now_;
  std::map<std::string, double> turns_;
};

}  // namespace rappel::dispatch
