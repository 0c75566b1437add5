// SPDX-License-Identifier: Apache-2.0
#include "calendar/zone.hpp"

#include "calendar/vectors.hpp"

using namespace rappel;
using namespace rappel::calendar;
using namespace rappel::test;

namespace {

Zone zone(const std::string& name) {
  return Zone::find(name).value();
}

struct Local {
  CivilDate date;
  std::chrono::seconds time;
};

/// "2026-10-25T02:30:00"
Local local_of(const std::string& text) {
  const auto part = [&](std::size_t at) { return std::stoi(text.substr(at, 2)); };
  return {parse_iso_date(text.substr(0, 10)).value(), std::chrono::hours{part(11)} +
                                                          std::chrono::minutes{part(14)} +
                                                          std::chrono::seconds{part(17)}};
}

std::string kind_name(LocalKind kind) {
  if (kind == LocalKind::gap) return "gap";
  return kind == LocalKind::fold ? "fold" : "normal";
}

}  // namespace

TEST_CASE("local times become the instants of RFC 5545 in gaps and folds too") {
  for (const auto& vector : vectors_of("tz_local_to_utc.json")) {
    const auto where = zone(text_of(vector, "zone"));
    const auto local = local_of(text_of(vector, "local"));
    CAPTURE(text_of(vector, "zone"));
    CAPTURE(text_of(vector, "local"));
    const auto instant = to_instant(local.date, local.time, where);
    CHECK(to_rfc3339(instant) == text_of(vector, "utc_fold0"));
    CHECK(kind_name(kind_of(local.date, local.time, where)) == text_of(vector, "kind"));
    const auto shown = local_of(text_of(vector, "round_trip_local_fold0"));
    CHECK(to_local(instant, where).date == shown.date);
    CHECK(to_local(instant, where).time_of_day ==
          std::chrono::floor<std::chrono::minutes>(shown.time));
  }
}

TEST_CASE("an instant before 1970 with a part of a second is shown on its own day") {
  const auto instant = Instant{std::chrono::sys_days{std::chrono::year{1969} / 12 / 31}} +
                       std::chrono::hours{23} - std::chrono::microseconds{1};
  const auto local = to_local(instant, zone("UTC"));
  CHECK(to_iso(local.date) == "1969-12-31");
  CHECK(local.time_of_day == std::chrono::hours{22} + std::chrono::minutes{59});
}

TEST_CASE("a zone that the system does not know is refused by name") {
  for (const char* name : {"", "Europe/Pairs", "localtime", "../etc/passwd",
                           "/dev/stdin", "file:/dev/stdin", "/usr/share/zoneinfo/Europe/Paris"}) {
    const auto found = Zone::find(name);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().code == "unknown_zone");
  }
  CHECK(zone("Indian/Reunion").name() == "Indian/Reunion");
}

TEST_CASE("the end of a Paris day is another day in La Reunion and the same in Tahiti") {
  const auto date = parse_iso_date("2026-05-21").value();
  const auto limit =
      to_instant(date, std::chrono::hours{23} + std::chrono::minutes{59}, zone("Europe/Paris"));
  CHECK(to_iso(to_local(limit, zone("Indian/Reunion")).date) == "2026-05-22");
  CHECK(to_local(limit, zone("Indian/Reunion")).time_of_day == std::chrono::minutes{119});
  CHECK(to_iso(to_local(limit, zone("Pacific/Tahiti")).date) == "2026-05-21");
}
