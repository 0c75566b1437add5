// SPDX-License-Identifier: Apache-2.0
#include "calendar/period.hpp"

#include "calendar/vectors.hpp"
#include "calendar/working_days.hpp"

using namespace rappel;
using namespace rappel::calendar;
using namespace rappel::test;

TEST_CASE("a period is read from its ISO 8601 form") {
  CHECK(parse_period("P10Y") == Period{10, 0, 0});
  CHECK(parse_period("P3M") == Period{0, 3, 0});
  CHECK(parse_period("P1Y6M15D") == Period{1, 6, 15});
  CHECK(parse_period("P2W") == Period{0, 0, 14});
  CHECK(parse_period("P1W3D") == Period{0, 0, 10});
  CHECK(parse_period("-P30D") == Period{0, 0, -30});
  CHECK(parse_period("P0D") == Period{});
}

TEST_CASE("what is not a period of days and months is refused") {
  for (const char* text :
       {"",     "P",      "-P",    "P10", "10Y",  "PY",   "P-1D", "P1D2M",         "P1M1M",
        "PT5H", "P1DT1H", "P1.5Y", "p1y", "P1Y ", " P1Y", "+P1D", "P99999999999D", "P1001Y",
        "P+1D", "--P1D"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_period(text).has_value());
  }
}

TEST_CASE("a period writes itself as it was read") {
  for (const char* text : {"P10Y", "P3M", "P1Y6M15D", "-P30D", "P0D", "-P1Y2M"}) {
    CHECK(to_string(parse_period(text).value()) == text);
  }
}

TEST_CASE("years and months are added in one step and days after them") {
  for (const auto& vector : vectors_of("month_addition.json")) {
    const Period period{number_of(vector, "years"), number_of(vector, "months"),
                        number_of(vector, "days")};
    CAPTURE(text_of(vector, "start"));
    CAPTURE(to_string(period));
    CHECK(to_iso(add(date_of(vector, "start"), period)) == text_of(vector, "expected"));
  }
}

TEST_CASE("a delay of the tax code that starts at a month end lasts to a month end") {
  for (const auto& vector : vectors_of("month_end_sticky_cgi641.json")) {
    const Period months{0, number_of(vector, "months"), 0};
    const auto event = date_of(vector, "event");
    CAPTURE(to_iso(event));
    CHECK(to_iso(add(event, months, MonthRule::quantieme)) == text_of(vector, "quantieme_cpc641"));
    CHECK(to_iso(add(event, months, MonthRule::end_sticky)) ==
          text_of(vector, "end_sticky_boi_7G255"));
  }
}

TEST_CASE("days alone never stick to the end of a month") {
  CHECK(add(day("2026-02-28"), {0, 0, 10}, MonthRule::end_sticky) == day("2026-03-10"));
  CHECK(add(day("2026-02-28"), {0, 0, 10}, MonthRule::days) == day("2026-03-10"));
}

TEST_CASE("the end of the third month that follows an event is the last day of that month") {
  CHECK(add(day("2026-11-02"), {0, 3, 0}, MonthRule::end_of_nth_month) == day("2027-02-28"));
  CHECK(add(day("2027-11-30"), {0, 3, 0}, MonthRule::end_of_nth_month) == day("2028-02-29"));
}

TEST_CASE("adding months to any day of four years stays inside the month reached") {
  for (CivilDate start = day("2023-01-01"); start < day("2027-01-01"); start = add_days(start, 1)) {
    for (const int months : {-25, -1, 1, 6, 11, 12, 120}) {
      const auto reached = add(start, {0, months, 0});
      REQUIRE(reached.ok());
      const auto wanted =
          std::chrono::year_month{start.year(), start.month()} + std::chrono::months{months};
      REQUIRE(std::chrono::year_month{reached.year(), reached.month()} == wanted);
      REQUIRE(unsigned(reached.day()) <= unsigned(start.day()));
    }
  }
}

TEST_CASE("an age changes on the birthday and somebody not born has none") {
  CHECK(age_on(day("2008-11-24"), day("2026-11-23")) == 17);
  CHECK(age_on(day("2008-11-24"), day("2026-11-24")) == 18);
  CHECK(age_on(day("2008-02-29"), day("2026-02-27")) == 17);
  CHECK(age_on(day("2008-02-29"), day("2026-02-28")) == 18);
  CHECK(age_on(day("2008-02-29"), day("2028-02-28")) == 19);
  CHECK_FALSE(age_on(day("2026-11-24"), day("2026-11-23")).has_value());
}

TEST_CASE("delays of law end on the day that the composed examples say") {
  for (const auto& vector : vectors_of("legal_delays_composed.json")) {
    const bool days = text_of(vector, "unit") == "days";
    const int n = number_of(vector, "n");
    const Period delay{0, days ? 0 : n, days ? n : 0};
    const auto event = date_of(vector, "event");
    const auto& zone = zone_of(vector);
    CAPTURE(to_iso(event));
    const auto raw = last_day(event, delay, MonthRule::quantieme, false);
    CHECK(to_iso(raw) == text_of(vector, "raw_last_day_641"));
    CHECK(to_iso(roll(raw, Rollover::next_working_day, zone)) == text_of(vector, "due_641_642"));
    const auto franc = last_day(event, delay, MonthRule::quantieme, true);
    CHECK(to_iso(roll(franc, Rollover::next_working_day, zone)) ==
          text_of(vector, "due_franc_plus1_then_642"));
  }
}

TEST_CASE("the names of month rules read back") {
  for (const auto rule : {MonthRule::quantieme, MonthRule::end_sticky, MonthRule::end_of_nth_month,
                          MonthRule::days}) {
    CHECK(parse_month_rule(to_string(rule)) == rule);
  }
  CHECK_FALSE(parse_month_rule("month").has_value());
}
