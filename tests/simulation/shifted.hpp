// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include "base/instant.hpp"

namespace rappel::simulation {

/// The same day some years later; the 28th where there is no 29th of February.
inline CivilDate shifted(CivilDate date, int years) {
  const CivilDate later = date + std::chrono::years{years};
  return later.ok() ? later : CivilDate{later.year(), later.month(), std::chrono::day{28}};
}

/// The same facts some years later: every date, and every "year" of a campaign.
inline boost::json::value shifted(const boost::json::value& value, int years);
inline boost::json::object shifted(const boost::json::object& facts, int years) {
  boost::json::object later;
  for (const auto& [key, value] : facts) {
    const bool campaign = key == "year" && value.is_int64();
    later[key] = campaign ? boost::json::value(value.get_int64() + years) : shifted(value, years);
  }
  return later;
}
inline boost::json::value shifted(const boost::json::value& value, int years) {
  if (value.is_object()) return shifted(value.get_object(), years);
  if (value.is_string()) {
    const auto date = parse_iso_date(std::string_view(value.get_string()));
    return date ? boost::json::value(to_iso(shifted(*date, years))) : value;
  }
  if (!value.is_array()) return value;
  boost::json::array later;
  for (const auto& each : value.get_array()) later.push_back(shifted(each, years));
  return later;
}

}  // namespace rappel::simulation
