// SPDX-License-Identifier: Apache-2.0
#include "calendar/recurrence.hpp"

#include <thread>

#include "calendar/vectors.hpp"
#include "calendar/zone.hpp"

using namespace rappel;
using namespace rappel::calendar;
using namespace rappel::test;

namespace {

Recurrence recurrence(const std::string& text) {
  auto parsed = Recurrence::parse(text);
  if (!parsed) FAIL(to_string(parsed.error()));
  return *parsed;
}

/// From 1 January 2026 (a Thursday) at 9.
Recurrence rule(const std::string& rule) {
  return recurrence("DTSTART:20260101T090000\nRRULE:" + rule);
}

std::vector<std::string> first(const Recurrence& recurrence, std::size_t count) {
  std::vector<std::string> texts;
  auto cursor = recurrence.begin();
  while (texts.size() < count) {
    const auto local = cursor.next();
    if (!local) break;
    texts.push_back(to_iso(*local));
  }
  return texts;
}

std::vector<std::string> days(const Recurrence& recurrence, std::size_t count) {
  auto texts = first(recurrence, count);
  for (auto& text : texts) text.resize(10);
  return texts;
}

using Days = std::vector<std::string>;

Problem refused(const std::string& text) {
  const auto parsed = Recurrence::parse(text);
  CAPTURE(text);
  REQUIRE_FALSE(parsed.has_value());
  CHECK_FALSE(parsed.error().detail.empty());
  return parsed.error();
}

Problem refused_rule(const std::string& rule) {
  return refused("DTSTART:20260101T090000\nRRULE:" + rule);
}

std::string joined(const char* item, std::size_t count) {
  std::string text = item;
  while (--count > 0) text += std::string(",") + item;
  return text;
}

}  // namespace

TEST_CASE("a recurrence gives the times that two libraries give") {
  for (const auto& vector : vectors_of("rrule_expansion.json")) {
    CAPTURE(text_of(vector, "note"));
    std::vector<std::string> expected;
    for (const auto& local : vector.at("expected").as_array())
      expected.emplace_back(local.as_string());
    CHECK(first(recurrence(text_of(vector, "ics")), 100) == expected);
  }
}

TEST_CASE("a recurrence keeps its local hour over a change of clock") {
  for (const auto& vector : vectors_of("rrule_dst.json")) {
    const auto zone = Zone::find(text_of(vector, "zone")).value();
    CAPTURE(text_of(vector, "note"));
    auto cursor = recurrence(text_of(vector, "ics_floating")).begin();
    for (const auto& expected : vector.at("expected").as_array()) {
      const auto local = cursor.next();
      REQUIRE(local.has_value());
      CHECK(to_iso(*local) == text_of(expected, "local_nominal"));
      const auto instant = to_instant(*local, zone);
      CHECK(to_rfc3339(instant) == text_of(expected, "utc"));
      const auto shown = to_local(instant, zone);
      CHECK(to_iso(local_at(shown.date, shown.time_of_day)) == text_of(expected, "local_real"));
    }
    CHECK_FALSE(cursor.next().has_value());
  }
}

TEST_CASE("the last working weekday of each month comes back") {
  CHECK(days(rule("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"), 6) ==
        Days{"2026-01-30", "2026-02-27", "2026-03-31", "2026-04-30", "2026-05-29", "2026-06-30"});
}

TEST_CASE("the last days of months are found from the end in any frequency") {
  const Days ends{"2026-01-31", "2026-02-28", "2026-03-31"};
  CHECK(days(rule("FREQ=MONTHLY;BYMONTHDAY=-1"), 3) == ends);
  CHECK(days(rule("FREQ=DAILY;BYMONTHDAY=-1"), 3) == ends);
  CHECK(days(rule("FREQ=YEARLY;BYMONTHDAY=-1"), 3) == ends);
}

TEST_CASE("the examples of RFC 5545 come out as it writes them") {
  const auto of_1997 = [](const std::string& rule) {
    return recurrence("DTSTART:19970902T090000\nRRULE:" + rule);
  };
  CHECK(days(of_1997("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,TH;COUNT=8"), 9) ==
        Days{"1997-09-02", "1997-09-04", "1997-09-16", "1997-09-18", "1997-09-30", "1997-10-02",
             "1997-10-14", "1997-10-16"});
  CHECK(days(of_1997("FREQ=MONTHLY;BYDAY=-2MO;COUNT=3"), 9) ==
        Days{"1997-09-22", "1997-10-20", "1997-11-17"});
  CHECK(days(of_1997("FREQ=MONTHLY;BYMONTHDAY=-3"), 3) ==
        Days{"1997-09-28", "1997-10-29", "1997-11-28"});
  CHECK(days(of_1997("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13"), 4) ==
        Days{"1998-02-13", "1998-03-13", "1998-11-13", "1999-08-13"});
  CHECK(
      days(recurrence("DTSTART:19961105T090000\n"
                      "RRULE:FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8"),
           3) == Days{"1996-11-05", "2000-11-07", "2004-11-02"});
  CHECK(days(of_1997("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3"), 4) ==
        Days{"1997-09-04", "1997-10-07", "1997-11-06"});
  CHECK(days(of_1997("FREQ=YEARLY;BYDAY=20MO"), 3) ==
        Days{"1998-05-18", "1999-05-17", "2000-05-15"});
  CHECK(days(of_1997("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO"), 3) ==
        Days{"1998-05-11", "1999-05-17", "2000-05-15"});
  CHECK(days(of_1997("FREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100,200"), 5) ==
        Days{"2000-01-01", "2000-04-09", "2000-07-18", "2003-01-01"});
  CHECK(first(of_1997("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000"), 9) ==
        Days{"1997-09-02T09:00:00", "1997-09-02T12:00:00", "1997-09-02T15:00:00"});
  CHECK(first(of_1997("FREQ=DAILY;BYHOUR=9,16;BYMINUTE=0,40"), 5) ==
        Days{"1997-09-02T09:00:00", "1997-09-02T09:40:00", "1997-09-02T16:00:00",
             "1997-09-02T16:40:00", "1997-09-03T09:00:00"});
  CHECK(first(of_1997("FREQ=MINUTELY;INTERVAL=20;BYHOUR=16,9"), 4) ==
        Days{"1997-09-02T09:00:00", "1997-09-02T09:20:00", "1997-09-02T09:40:00",
             "1997-09-02T16:00:00"});
}

TEST_CASE("the first day of the week decides which weeks are passed over") {
  const auto start = std::string("DTSTART:19970805T090000\nRRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;");
  CHECK(days(recurrence(start + "BYDAY=TU,SU;WKST=MO"), 9) ==
        Days{"1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"});
  CHECK(days(recurrence(start + "BYDAY=TU,SU;WKST=SU"), 9) ==
        Days{"1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"});
}

TEST_CASE("29 February comes back in leap years alone") {
  CHECK(days(recurrence("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY"), 3) ==
        Days{"2024-02-29", "2028-02-29", "2032-02-29"});
}

// python-dateutil counts the first week from DTSTART on; RFC 5545 says that the set is that of the
// whole week, whose first Monday is before DTSTART here.
TEST_CASE("a place in the week counts from its first day even before the start") {
  CHECK(days(rule("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1"), 2) ==
        Days{"2026-01-05", "2026-01-12"});
}

// The RFC joins them; python-dateutil keeps only what is in both.
TEST_CASE("numbered and plain days of one list are joined") {
  CHECK(days(rule("FREQ=MONTHLY;BYMONTH=2;BYDAY=1MO,FR"), 5) ==
        Days{"2026-02-02", "2026-02-06", "2026-02-13", "2026-02-20", "2026-02-27"});
}

TEST_CASE("excluded times are left out and added ones given once") {
  const auto set = recurrence(
      "DTSTART:20260105T090000\nRRULE:FREQ=WEEKLY;COUNT=4\n"
      "EXDATE:20260112T090000,20260119T080000\nRDATE:20260126T090000,20260107T090000\n"
      "EXDATE:20260107T090000");
  CHECK(days(set, 9) == Days{"2026-01-05", "2026-01-19", "2026-01-26"});
}

TEST_CASE("an end is included and a date for an end means its midnight") {
  CHECK(days(rule("FREQ=DAILY;UNTIL=20260103T090000"), 9).size() == 3);
  CHECK(days(rule("FREQ=DAILY;UNTIL=20260103T085959"), 9).size() == 2);
  CHECK(days(rule("FREQ=DAILY;UNTIL=20260103"), 9).size() == 2);
  CHECK(days(recurrence("DTSTART:20260101\nRRULE:FREQ=DAILY;UNTIL=20260103"), 9).size() == 3);
  CHECK(days(rule("FREQ=DAILY;UNTIL=20251231T090000"), 9).empty());
}

TEST_CASE("lines may be folded and in lower case and end in either way") {
  const auto set = recurrence("dtstart:20260101t090000\r\nrrule:freq=mon\r\n thly;count=2\r\n\r\n");
  CHECK(days(set, 9) == Days{"2026-01-01", "2026-02-01"});
}

TEST_CASE("the next time is found from any moment as from the beginning") {
  for (const char* text : {"FREQ=YEARLY;INTERVAL=3", "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=-1",
                           "FREQ=DAILY;INTERVAL=9", "FREQ=WEEKLY;INTERVAL=3;BYDAY=SU,MO;WKST=WE",
                           "FREQ=HOURLY;INTERVAL=7", "FREQ=MINUTELY;INTERVAL=1001",
                           "FREQ=MONTHLY;COUNT=30", "FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO,SU"}) {
    CAPTURE(text);
    const auto set = rule(text);
    auto cursor = set.begin();
    auto expected = cursor.next();
    auto moment = local_at(day("2025-12-25"));
    while (moment < local_at(day("2026-12-31"))) {
      while (expected && *expected < moment) expected = cursor.next();
      REQUIRE(set.next_from(moment) == expected);
      moment += std::chrono::hours{17};
    }
  }
}

TEST_CASE("the days between two others are given once and no more than asked for") {
  const auto set = rule("FREQ=HOURLY;INTERVAL=12;BYDAY=MO,TU");
  const auto found = set.days_between(day("2026-03-03"), day("2026-03-10"), 10);
  CHECK(found == std::vector{day("2026-03-03"), day("2026-03-09"), day("2026-03-10")});
  CHECK(set.days_between(day("2026-03-03"), day("2026-03-10"), 2).size() == 2);
  CHECK(set.days_between(day("2026-03-10"), day("2026-03-03"), 2).empty());
}

TEST_CASE("a rule that never matches ends") {
  for (const char* text :
       {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30", "FREQ=HOURLY;INTERVAL=24;BYHOUR=8",
        "FREQ=YEARLY;INTERVAL=10000", "FREQ=YEARLY;BYWEEKNO=53;BYYEARDAY=100"}) {
    CAPTURE(text);
    auto cursor = rule(text).begin();
    while (cursor.next()) {
    }
    CHECK_FALSE(cursor.gave_up());
  }
}

TEST_CASE("a rule that is too much work says that it gave up") {
  auto cursor = rule("FREQ=MINUTELY;INTERVAL=2;BYMINUTE=1").begin();
  CHECK_FALSE(cursor.next().has_value());
  CHECK(cursor.gave_up());
}

TEST_CASE("a recurrence ends with the last year that is written with four digits") {
  CHECK(days(recurrence("DTSTART:99981231\nRRULE:FREQ=YEARLY"), 9) ==
        Days{"9998-12-31", "9999-12-31"});
  CHECK(days(recurrence("DTSTART:99991230\nRRULE:FREQ=DAILY"), 9).size() == 2);
  CHECK(first(recurrence("DTSTART:99991231T235900\nRRULE:FREQ=MINUTELY"), 9).size() == 1);
}

TEST_CASE("what RFC 5545 forbids in a rule is refused") {
  for (const char* text : {"",
                           "FREQ",
                           "FREQ=",
                           "COUNT=3",
                           "FREQ=SECONDLY",
                           "FREQ=DAILY;FREQ=DAILY",
                           "FREQ=FORTNIGHTLY",
                           "FREQ=DAILY;",
                           "FREQ=DAILY;INTERVAL=0",
                           "FREQ=DAILY;INTERVAL=-1",
                           "FREQ=DAILY;INTERVAL=x",
                           "FREQ=DAILY;INTERVAL=10001",
                           "FREQ=DAILY;COUNT=0",
                           "FREQ=DAILY;COUNT=99999999999999999999",
                           "FREQ=DAILY;COUNT=2;UNTIL=20270101",
                           "FREQ=DAILY;UNTIL=20270229",
                           "FREQ=DAILY;WKST=1MO",
                           "FREQ=DAILY;BYMONTH=0",
                           "FREQ=DAILY;BYMONTH=13",
                           "FREQ=DAILY;BYMONTH=-1",
                           "FREQ=DAILY;BYMONTHDAY=32",
                           "FREQ=DAILY;BYMONTHDAY=0",
                           "FREQ=DAILY;BYHOUR=24",
                           "FREQ=DAILY;BYHOUR=-1",
                           "FREQ=DAILY;BYMINUTE=60",
                           "FREQ=DAILY;BYSECOND=60",
                           "FREQ=DAILY;BYDAY=",
                           "FREQ=DAILY;BYDAY=LU",
                           "FREQ=DAILY;BYDAY=1MO",
                           "FREQ=WEEKLY;BYDAY=-1FR",
                           "FREQ=MONTHLY;BYDAY=0MO",
                           "FREQ=MONTHLY;BYDAY=54MO",
                           "FREQ=MONTHLY;BYDAY=99999999999MO",
                           "FREQ=MONTHLY;BYWEEKNO=3",
                           "FREQ=WEEKLY;BYMONTHDAY=3",
                           "FREQ=DAILY;BYYEARDAY=3",
                           "FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO",
                           "FREQ=MONTHLY;BYSETPOS=1",
                           "FREQ=MONTHLY;BYEASTER=0",
                           "FREQ=MONTHLY;BYSETPOS=0;BYDAY=MO",
                           "FREQ=MONTHLY;BYMONTHDAY=1,,2",
                           "FREQ=MONTHLY ",
                           "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD"})
    CHECK(refused_rule(text).code == "bad_recurrence");
}

TEST_CASE("a refused recurrence names its line and how to mend it") {
  auto problem = refused_rule("FREQ=DAILY;INTREVAL=2");
  CHECK(problem.where == "line 2");
  CHECK(problem.mend == "did you mean INTERVAL?");
  problem = refused("DTSTART;TZID=Europe/Paris:20260101T090000\nRRULE:FREQ=DAILY");
  CHECK(problem.where == "line 1");
  CHECK(problem.detail.find("TZID") != std::string::npos);
  CHECK(refused("DTSTART:20260101T090000Z\nRRULE:FREQ=DAILY").mend.find('Z') != std::string::npos);
}

TEST_CASE("a text that is no recurrence is refused") {
  for (const char* text : {"",
                           "\n",
                           "DTSTART:20260101",
                           "RRULE:FREQ=DAILY",
                           "DTSTART:20260101\nRDATE:20260102",
                           "DTSTART:20260101\nDTSTART:20260101\nRRULE:FREQ=DAILY",
                           "BEGIN:VEVENT",
                           "DTSTART:2026-01-01\nRRULE:FREQ=DAILY",
                           "DTSTART:20260101T250000\nRRULE:FREQ=DAILY",
                           "DTSTART:20260101T0900\nRRULE:FREQ=DAILY",
                           "DTSTART:00000101\nRRULE:FREQ=DAILY",
                           "DTSTART:20260101X090000\nRRULE:FREQ=DAILY",
                           "DTSTART\nRRULE:FREQ=DAILY",
                           "DTSTART;X=1:20260101\nRRULE:FREQ=DAILY",
                           "DTSTART:20260101\nRRULE;VALUE=DATE:FREQ=DAILY",
                           "DTSTART:20260101\nEXRULE:FREQ=DAILY",
                           "DTSTART:20260101\nRRULE:FREQ=DAILY\nEXDATE:",
                           "DTSTART:20260101T090000\nRRULE:FREQ=DAILY\nEXDATE:20260102",
                           "DTSTART:20260101\nRRULE:FREQ=DAILY\nRDATE:20260102T090000",
                           "DTSTART:20260101\nRRULE:FREQ=DAILY\nRDATE;VALUE=PERIOD:20260102/P1D"})
    CHECK(refused(text).kind == ProblemKind::invalid);
}

TEST_CASE("a recurrence over a limit is refused") {
  const std::string start = "DTSTART:20260101\n";
  CHECK(refused(start + std::string(recurrence_bytes_max, '\n')).code == "too_large");
  std::string rules = start;
  for (std::size_t i = 0; i <= recurrence_rules_max; ++i) rules += "RRULE:FREQ=DAILY\n";
  CHECK(refused(rules).code == "bad_recurrence");
  refused_rule("FREQ=MONTHLY;BYDAY=" + joined("MO", by_list_items_max + 1));
  refused(start + "RRULE:FREQ=DAILY\nEXDATE:" + joined("20260101", recurrence_dates_max + 1));
  std::string minutes = "0";
  for (int minute = 1; minute < 60; ++minute) minutes += "," + std::to_string(minute);
  refused_rule("FREQ=DAILY;BYHOUR=1,2;BYMINUTE=" + minutes + ";BYSECOND=" + minutes);
}

TEST_CASE("one recurrence is read by several threads at once") {
  const auto set = rule("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1");
  const auto expected = first(set, 200);
  std::vector<std::thread> threads;
  std::vector<std::vector<std::string>> found(4);
  for (auto& list : found) threads.emplace_back([&] { list = first(set, 200); });
  for (auto& thread : threads) thread.join();
  for (const auto& list : found) CHECK(list == expected);
}
