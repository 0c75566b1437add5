// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cctz/time_zone.h>

#include <chrono>
#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "base/problem.hpp"
#include "calendar/local_date_time.hpp"

// Local time and Instant, in any IANA zone of the system's tzdata. Pure once a zone is found; any
// thread. RFC 5545 3.3.5: a local time that does not exist takes the offset in force before the
// gap, one that exists twice means its first instant.
//
//   const auto zone = calendar::Zone::find("America/Martinique");
//   const Instant at = calendar::to_instant(date, std::chrono::hours{9}, *zone);

namespace rappel::calendar {

/// An IANA time zone: a small value, cheap to copy.
class Zone {
 public:
  /// UTC.
  Zone() : zone_(cctz::utc_time_zone()) {}
  /// Refuses a name that the system's tzdata does not know, as "unknown_zone".
  static Expected<Zone> find(const std::string& name);

  [[nodiscard]] std::string name() const { return zone_.name(); }
  [[nodiscard]] const cctz::time_zone& native() const { return zone_; }
  bool operator==(const Zone& other) const { return zone_ == other.zone_; }

 private:
  explicit Zone(cctz::time_zone zone) : zone_(zone) {}
  cctz::time_zone zone_;
};

/// What a clock on the wall shows.
struct LocalTime {
  CivilDate date{};
  std::chrono::minutes time_of_day{};  ///< since midnight as shown, seconds cut off
};

enum class LocalKind { normal, gap, fold };
std::string_view to_string(LocalKind kind);

Instant to_instant(CivilDate date, std::chrono::seconds time_of_day, const Zone& zone);
Instant to_instant(LocalDateTime local, const Zone& zone);
LocalTime to_local(Instant instant, const Zone& zone);
/// Whether a local time exists once, never (gap) or twice (fold).
LocalKind kind_of(CivilDate date, std::chrono::seconds time_of_day, const Zone& zone);
LocalKind kind_of(LocalDateTime local, const Zone& zone);

}  // namespace rappel::calendar
