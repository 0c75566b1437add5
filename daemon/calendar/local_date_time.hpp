// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.hpp"

namespace rappel::calendar {

/// A day and a time as a clock on a wall shows them, to the second, without zone. It may exist
/// twice in a zone, or never: see Zone.
using LocalDateTime = std::chrono::local_seconds;

LocalDateTime local_at(CivilDate date, std::chrono::seconds time_of_day = {});
CivilDate date_of(LocalDateTime local);
std::chrono::seconds time_of_day(LocalDateTime local);

/// "2026-01-28T09:00:00"
std::string to_iso(LocalDateTime local);
/// The same form, nothing else: no offset and no fraction. Refuses what no clock shows.
std::optional<LocalDateTime> parse_iso_local(std::string_view text);

}  // namespace rappel::calendar
