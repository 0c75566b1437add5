// SPDX-License-Identifier: Apache-2.0
#include "rules/holiday_zone.hpp"

#include "base/ensure.hpp"
#include "profile/place.hpp"

namespace rappel::rules {

const calendar::HolidayZone& holiday_zone_of(const calendar::Holidays& holidays,
                                             std::string_view country, const Context& citizen) {
  const auto* zone =
      holidays.zone(country == "fr" ? profile::holiday_zone_of(citizen.departement) : country);
  ensure(zone != nullptr, "a holiday zone that load() found is gone");
  return *zone;
}

}  // namespace rappel::rules
