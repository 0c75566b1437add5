// SPDX-License-Identifier: Apache-2.0
#include "base/instant.hpp"

#include <doctest/doctest.h>

using namespace rappel;

TEST_CASE("an instant survives being written and read") {
  for (const char* text : {"2026-11-24T08:00:00Z", "2028-02-29T23:59:59.000001Z",
                           "1969-12-31T23:59:59.999999Z"}) {
    const auto instant = parse_rfc3339(text);
    REQUIRE(instant);
    CHECK(to_rfc3339(*instant) == text);
  }
}

TEST_CASE("an offset moves the instant to UTC") {
  CHECK(to_rfc3339(*parse_rfc3339("2026-03-29T03:00:00+02:00")) == "2026-03-29T01:00:00Z");
  CHECK(to_rfc3339(*parse_rfc3339("2026-01-01T00:30:00-04:00")) == "2026-01-01T04:30:00Z");
}

TEST_CASE("a date that does not exist is refused") {
  for (const char* text : {"2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "26-04-30",
                           "2026-04-30T", " 2026-04-30", "2026-4-3"}) {
    CHECK_FALSE(parse_iso_date(text));
  }
  CHECK(parse_iso_date("2028-02-29"));
}

TEST_CASE("an instant with a wrong shape is refused") {
  for (const char* text : {"2026-11-24", "2026-11-24T08:00:00", "2026-11-24 08:00:00Z",
                           "2026-11-24T24:00:00Z", "2026-11-24T08:60:00Z", "2026-11-24T08:00Z",
                           "2026-11-24T08:00:00.Z", "2026-11-24T08:00:00Zx", ""}) {
    CHECK_FALSE(parse_rfc3339(text));
  }
}
