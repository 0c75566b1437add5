// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/holidays.hpp"
#include "rules/facts.hpp"

namespace rappel::rules {

/// The public holidays that a citizen lives with, by the law of a country.
const calendar::HolidayZone& holiday_zone_of(const calendar::Holidays& holidays,
                                             std::string_view country, const Context& citizen);

}  // namespace rappel::rules
