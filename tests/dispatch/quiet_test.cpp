// SPDX-License-Identifier: Apache-2.0
#include "dispatch/quiet.hpp"

#include <doctest/doctest.h>

#include "calendar/holidays.hpp"

using namespace rappel;
using namespace rappel::dispatch;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

Instant at(const char* text) { return parse_rfc3339(text).value(); }

Rest rest_in(const char* zone) {
  Rest rest;
  rest.zone = calendar::Zone::find(zone).value();
  return rest;
}

const profile::QuietHours night{hours{20}, hours{8}};

std::string opens(const Rest& rest, const char* from) {
  const auto opening = next_opening(rest, at(from));
  if (!opening) return "never";
  return to_rfc3339(opening->at) + " " + std::string(opening->reason);
}

}  // namespace

TEST_CASE("an hour that nobody asked to be quiet is open at once") {
  auto rest = rest_in("Europe/Paris");
  CHECK(opens(rest, "2026-11-24T02:00:00Z") == "2026-11-24T02:00:00Z ");
  rest.tenants = night;
  CHECK(opens(rest, "2026-11-24T07:00:00Z") == "2026-11-24T07:00:00Z ");  // 08:00
  CHECK(opens(rest, "2026-11-24T18:59:59Z") == "2026-11-24T18:59:59Z ");  // 19:59:59
}

TEST_CASE("a night ends in the morning of the citizen's own clock") {
  auto rest = rest_in("Europe/Paris");
  rest.tenants = night;
  CHECK(opens(rest, "2026-11-24T19:00:00Z") == "2026-11-25T07:00:00Z tenant_quiet_hours");
  auto reunion = rest_in("Indian/Reunion");
  reunion.tenants = night;
  CHECK(opens(reunion, "2026-11-24T19:00:00Z") == "2026-11-25T04:00:00Z tenant_quiet_hours");
}

TEST_CASE("the night of a clock change ends at the same hour on the wall") {
  auto rest = rest_in("Europe/Paris");
  rest.tenants = night;
  CHECK(opens(rest, "2026-03-28T22:00:00Z") == "2026-03-29T06:00:00Z tenant_quiet_hours");
  CHECK(opens(rest, "2026-10-24T22:00:00Z") == "2026-10-25T07:00:00Z tenant_quiet_hours");
}

TEST_CASE("quiet hours that end in an hour that happens twice end in both passes") {
  auto rest = rest_in("Europe/Paris");
  rest.citizens = profile::QuietHours{hours{22}, hours{2} + minutes{30}};
  CHECK(opens(rest, "2026-10-25T00:10:00Z") == "2026-10-25T00:30:00Z quiet_hours");  // first 02:10
  CHECK(opens(rest, "2026-10-25T01:10:00Z") == "2026-10-25T01:30:00Z quiet_hours");  // second 02:10
}

TEST_CASE("quiet hours that end in an hour that does not exist end after the gap") {
  auto rest = rest_in("Europe/Paris");
  rest.citizens = profile::QuietHours{hours{22}, hours{2} + minutes{30}};
  CHECK(opens(rest, "2026-03-29T00:30:00Z") == "2026-03-29T01:30:00Z quiet_hours");  // 03:30 on the wall
}

TEST_CASE("the wishes of both sides are kept one after the other") {
  auto rest = rest_in("Europe/Paris");
  rest.citizens = profile::QuietHours{hours{8}, hours{12}};
  rest.tenants = night;
  CHECK(opens(rest, "2026-11-24T22:00:00Z") == "2026-11-25T11:00:00Z tenant_quiet_hours");
  rest.citizens = profile::QuietHours{hours{8}, hours{20}};
  CHECK(opens(rest, "2026-11-24T22:00:00Z") == "never");
}

TEST_CASE("advice rests on Sundays and on the holidays of the citizen's place") {
  const auto holidays =
      calendar::Holidays::load(RAPPEL_SOURCE_DIR "/templates/calendar/holidays.fr.yaml").value();
  auto rest = rest_in("Europe/Paris");
  rest.closed_days = true;
  rest.hour_after = hours{9};
  rest.holidays = holidays.zone("metropole");
  rest.tenants = night;
  // Saturday evening: the night, and the Sunday until its own hour on Monday.
  CHECK(opens(rest, "2026-11-21T20:00:00Z") == "2026-11-23T08:00:00Z tenant_quiet_hours");
  CHECK(opens(rest, "2026-11-22T10:00:00Z") == "2026-11-23T08:00:00Z sunday");
  // Good Friday is a holiday in Alsace-Moselle alone.
  CHECK(opens(rest, "2027-03-26T10:00:00Z") == "2027-03-26T10:00:00Z ");
  rest.holidays = holidays.zone("57-67-68");
  CHECK(opens(rest, "2027-03-26T10:00:00Z") == "2027-03-27T08:00:00Z public_holiday");
}
