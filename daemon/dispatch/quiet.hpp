// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "calendar/holidays.hpp"
#include "calendar/zone.hpp"
#include "profile/contact.hpp"

// When a citizen is not disturbed, on the citizen's own clock: by their own wish, by the hours of the
// administration, and on days when its advice rests. Pure; any thread.

namespace rappel::dispatch {

/// All that keeps one message quiet.
struct Rest {
  calendar::Zone zone;  ///< of the citizen
  std::optional<profile::QuietHours> citizens;
  std::optional<profile::QuietHours> tenants;
  bool closed_days = false;  ///< Sundays and public holidays too
  std::chrono::minutes hour_after{};  ///< after a closed day, at this hour of the next one
  const calendar::HolidayZone* holidays = nullptr;  ///< of the citizen's place; null: Sundays only
};

/// The first instant that nothing keeps quiet, and why it is not the one that was asked about.
struct Opening {
  Instant at{};
  std::string_view reason;  ///< "quiet_hours", "tenant_quiet_hours", "sunday", "public_holiday"; or empty
};

/// Days that next_opening() looks ahead.
inline constexpr int opening_days_max = 14;

/// Nothing when every hour of the days to come is quiet.
std::optional<Opening> next_opening(const Rest& rest, Instant from);

}  // namespace rappel::dispatch
