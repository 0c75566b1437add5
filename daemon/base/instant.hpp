// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rappel {

/// A point in UTC, in microseconds: PostgreSQL's own resolution, so a value survives a round trip.
/// A civil date is a different thing: see CivilDate and calendar/.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

/// A day on a wall calendar, without zone and without hour.
using CivilDate = std::chrono::year_month_day;

/// RFC 3339 with microseconds only when there are some, always "Z": 2026-11-24T08:00:00Z.
std::string to_rfc3339(Instant instant);

/// Accepts RFC 3339 with "Z" or a numeric offset; nothing else. Refuses dates that do not exist.
std::optional<Instant> parse_rfc3339(std::string_view text);

/// ISO 8601: 2026-11-24.
std::string to_iso(CivilDate date);

/// Accepts YYYY-MM-DD only; refuses dates that do not exist.
std::optional<CivilDate> parse_iso_date(std::string_view text);

}  // namespace rappel
