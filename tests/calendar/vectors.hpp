// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "calendar/holidays.hpp"

// Worked examples made by independent libraries; each file names them under meta.

namespace rappel::test {

inline boost::json::array vectors_of(const std::string& name) {
  std::ifstream stream(std::string(RAPPEL_SOURCE_DIR) + "/tests/calendar/data/" + name);
  REQUIRE(stream.good());
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  auto vectors = boost::json::parse(text).at("vectors").as_array();
  REQUIRE_FALSE(vectors.empty());
  return vectors;
}

inline CivilDate day(const char* text) { return parse_iso_date(text).value(); }

inline std::string text_of(const boost::json::value& vector, const char* name) {
  return std::string(vector.at(name).as_string());
}

inline CivilDate date_of(const boost::json::value& vector, const char* name) {
  const auto date = parse_iso_date(text_of(vector, name));
  REQUIRE(date.has_value());
  return *date;
}

inline int number_of(const boost::json::value& vector, const char* name) {
  return int(vector.at(name).as_int64());
}

/// The shipped holidays of France.
inline const calendar::Holidays& french_holidays() {
  static const auto holidays = calendar::Holidays::load(std::string(RAPPEL_SOURCE_DIR) +
                                                        "/templates/calendar/holidays.fr.yaml");
  REQUIRE(holidays.has_value());
  return *holidays;
}

inline const calendar::HolidayZone& zone_of(const boost::json::value& vector) {
  const auto* zone = french_holidays().zone(text_of(vector, "zone"));
  REQUIRE(zone != nullptr);
  return *zone;
}

}  // namespace rappel::test
