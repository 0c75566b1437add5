// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "profile/channel.hpp"
#include "profile/contact.hpp"

namespace rappel::dispatch {

/// What an administration does not do to people although it could. The defaults and where they come
/// from: docs/guides/not-sending.md.
struct Courtesy {
  /// No message on `quiet_channels` then, on the citizen's own clock; none: at any hour.
  std::optional<profile::QuietHours> quiet_hours =
      profile::QuietHours{std::chrono::hours{20}, std::chrono::hours{8}};
  std::vector<Channel> quiet_channels{Channel::sms, Channel::call, Channel::push};
  /// Whether advice leaves on Sundays and public holidays of the citizen's place.
  bool advice_on_closed_days = false;
  /// Messages to one citizen in a day of theirs, by the class that they count against; 0: no limit.
  std::size_t service_per_day_max = 10;
  std::size_t advice_per_day_max = 1;
};

/// The courtesy of each administration of this daemon.
struct Manners {
  Courtesy usual;
  std::map<std::string, Courtesy> of_tenant;  ///< by slug

  [[nodiscard]] const Courtesy& of(const std::string& slug) const {
    const auto own = of_tenant.find(slug);
    return own == of_tenant.end() ? usual : own->second;
  }
};

}  // namespace rappel::dispatch
