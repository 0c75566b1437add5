// SPDX-License-Identifier: Apache-2.0
#include "calendar/anchors.hpp"

#include "calendar/period.hpp"
#include "calendar/vectors.hpp"

using namespace rappel;
using namespace rappel::calendar;
using namespace rappel::test;
using std::chrono::December;
using std::chrono::February;
using std::chrono::Friday;
using std::chrono::Sunday;
using std::chrono::Wednesday;

TEST_CASE("a day that a month lacks is its last day") {
  CHECK(day_of_month(day("2027-02-10"), 31) == day("2027-02-28"));
  CHECK(day_of_month(day("2028-02-10"), 30) == day("2028-02-29"));
  CHECK(day_of_month(day("2027-04-30"), 31) == day("2027-04-30"));
  CHECK(day_of_month(day("2027-01-31"), 1) == day("2027-01-01"));
}

TEST_CASE("the electoral roll closes on the sixth Friday before the vote") {
  for (const auto& vector : vectors_of("sixth_friday_before_vote.json")) {
    const auto vote = date_of(vector, "scrutin_sunday");
    CAPTURE(to_iso(vote));
    const auto friday = nth_weekday_before(vote, Friday, 6);
    CHECK(to_iso(friday) == text_of(vector, "sixth_friday_before"));
    CHECK(to_iso(nth_weekday_before(friday, Wednesday, 1)) ==
          text_of(vector, "wednesday_of_that_week_online"));
  }
}

TEST_CASE("a weekday before a day is never the day itself") {
  CHECK(nth_weekday_before(day("2026-03-15"), Sunday, 1) == day("2026-03-08"));
  CHECK(nth_weekday_before(day("2026-03-16"), Sunday, 1) == day("2026-03-15"));
  CHECK(nth_weekday_before(day("2026-03-15"), Sunday, 53) == day("2025-03-09"));
}

TEST_CASE("a day of another year is clamped as the day of a month") {
  CHECK(date_in_year(day("2005-06-12"), December, 31, 10) == day("2015-12-31"));
  CHECK(date_in_year(day("2028-02-29"), February, 29, 1) == day("2029-02-28"));
  CHECK(date_in_year(day("2028-02-29"), February, 29, -4) == day("2024-02-29"));
  CHECK(date_in_year(day("2028-12-31"), February, 1, 0) == day("2028-02-01"));
}
