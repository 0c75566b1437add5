// SPDX-License-Identifier: Apache-2.0
#include "calendar/working_days.hpp"

#include "calendar/vectors.hpp"

using namespace rappel;
using namespace rappel::calendar;
using namespace rappel::test;

TEST_CASE("a limit on a closed day moves to the next worked day of its zone") {
  for (const auto& vector : vectors_of("rollover_next_working_day.json")) {
    const auto date = date_of(vector, "date");
    const auto& zone = zone_of(vector);
    CAPTURE(to_iso(date));
    CHECK(to_iso(next_worked(date, zone, WorkedDay::ouvre)) ==
          text_of(vector, "next_jour_ouvre_or_same"));
    CHECK(to_iso(next_worked(date, zone, WorkedDay::ouvrable)) ==
          text_of(vector, "next_jour_ouvrable_or_same"));
    CHECK(to_iso(roll(date, Rollover::next_working_day, zone)) ==
          text_of(vector, "next_jour_ouvre_or_same"));
  }
}

TEST_CASE("worked days are counted forward and backward") {
  for (const auto& vector : vectors_of("add_working_days.json")) {
    const auto start = date_of(vector, "start");
    const int n = number_of(vector, "n");
    const auto& zone = zone_of(vector);
    CAPTURE(to_iso(start));
    CAPTURE(n);
    CHECK(to_iso(add_worked(start, n, zone, WorkedDay::ouvre)) ==
          text_of(vector, "plus_n_jours_ouvres"));
    CHECK(to_iso(add_worked(start, n, zone, WorkedDay::ouvrable)) ==
          text_of(vector, "plus_n_jours_ouvrables"));
    CHECK(to_iso(add_worked(start, -n, zone, WorkedDay::ouvre)) ==
          text_of(vector, "minus_n_jours_ouvres"));
  }
}

TEST_CASE("a date that an authority published and the end of a validity never move") {
  const auto& zone = *french_holidays().zone("metropole");
  const auto saturday = day("2026-11-28");
  CHECK(roll(saturday, Rollover::as_published, zone) == saturday);
  CHECK(roll(saturday, Rollover::none, zone) == saturday);
  CHECK(roll(saturday, Rollover::previous_working_day, zone) == day("2026-11-27"));
}

TEST_CASE("a limit on Friday 1 May 2026 goes over the weekend to Monday") {
  const auto& zone = *french_holidays().zone("metropole");
  CHECK(roll(day("2026-05-01"), Rollover::next_working_day, zone) == day("2026-05-04"));
}

TEST_CASE("the same day is closed in one zone and worked in another") {
  const auto boxing_day = day("2028-12-26");  // a Tuesday
  CHECK(is_worked(boxing_day, *french_holidays().zone("metropole")));
  CHECK_FALSE(is_worked(boxing_day, *french_holidays().zone("68")));
}

TEST_CASE("the names of rollovers and worked days read back") {
  for (const auto policy : {Rollover::none, Rollover::next_working_day,
                            Rollover::previous_working_day, Rollover::as_published})
    CHECK(parse_rollover(to_string(policy)) == policy);
  for (const auto kind : {WorkedDay::ouvre, WorkedDay::ouvrable})
    CHECK(parse_worked_day(to_string(kind)) == kind);
  CHECK_FALSE(parse_rollover("next").has_value());
}
