// SPDX-License-Identifier: Apache-2.0
// What holds of every date, tried on many that a seed gives. A failure prints what it was on.
#include <algorithm>
#include <random>

#include "calendar/period.hpp"
#include "calendar/recurrence.hpp"
#include "calendar/vectors.hpp"
#include "calendar/working_days.hpp"

using namespace rappel;
using namespace rappel::calendar;
using namespace rappel::test;

namespace {

constexpr int trial_count = 2000;

/// Dates and numbers from one seed.
class Chance {
 public:
  explicit Chance(unsigned seed) : source_(seed) {}
  int between(int min, int max) { return std::uniform_int_distribution<int>(min, max)(source_); }
  CivilDate date() { return add_days(day("1990-01-01"), between(0, 40'000)); }
  WorkedDay kind() { return between(0, 1) == 0 ? WorkedDay::ouvre : WorkedDay::ouvrable; }
  const HolidayZone& zone() {
    const auto names = french_holidays().zone_names();
    return *french_holidays().zone(names[std::size_t(between(0, int(names.size()) - 1))]);
  }
  template <typename T>
  const T& one_of(const std::vector<T>& items) {
    return items[std::size_t(between(0, int(items.size()) - 1))];
  }

 private:
  std::mt19937 source_;
};

CivilDate month_end(CivilDate date) {
  return CivilDate{date.year() / date.month() / std::chrono::last};
}

std::string random_rule(Chance& chance) {
  static const std::vector<std::string> frequencies{"YEARLY", "MONTHLY", "DAILY", "HOURLY"};
  static const std::vector<std::string> days{"MO", "TU,TH", "SU", "MO,TU,WE,TH,FR", "SA,SU"};
  auto text = "FREQ=" + chance.one_of(frequencies);
  text += ";INTERVAL=" + std::to_string(chance.between(1, 5));
  if (chance.between(0, 1) == 0) text += ";BYDAY=" + chance.one_of(days);
  if (chance.between(0, 2) == 0) text += ";BYMONTH=" + std::to_string(chance.between(1, 12));
  if (chance.between(0, 2) == 0) text += ";BYMONTHDAY=" + std::to_string(chance.between(-31, -1));
  if (chance.between(0, 2) == 0 && text.find(";BY") != std::string::npos) text += ";BYSETPOS=1,-1";
  return text;
}

}  // namespace

TEST_CASE("months added keep the day of the month or reach the last one") {
  Chance chance(1);
  for (int i = 0; i < trial_count; ++i) {
    const auto start = chance.date();
    const int months = chance.between(-600, 600);
    CAPTURE(to_iso(start));
    CAPTURE(months);
    const auto reached = add(start, {0, months, 0});
    REQUIRE(reached.day() == std::min(start.day(), month_end(reached).day()));
    const auto sticky = add(start, {0, months, 0}, MonthRule::end_sticky);
    REQUIRE(sticky == (is_last_of_month(start) ? month_end(reached) : reached));
  }
}

TEST_CASE("months added and taken away lead back to every day that all months have") {
  Chance chance(2);
  for (int i = 0; i < trial_count; ++i) {
    const auto start = chance.date();
    const Period months{chance.between(-9, 9), chance.between(-30, 30), 0};
    CAPTURE(to_iso(start));
    CAPTURE(to_string(months));
    const auto back = add(add(start, months), -months);
    if (unsigned(start.day()) <= 28) REQUIRE(back == start);
    REQUIRE(back <= start);
    REQUIRE(calendar::days_between(back, start) <= 3);
  }
}

TEST_CASE("a limit that was moved stays and limits keep their order") {
  Chance chance(3);
  for (int i = 0; i < trial_count; ++i) {
    const auto& zone = chance.zone();
    const auto date = chance.date();
    const auto later = add_days(date, chance.between(1, 9));
    CAPTURE(zone.name());
    CAPTURE(to_iso(date));
    for (const auto policy : {Rollover::next_working_day, Rollover::previous_working_day}) {
      const auto moved = roll(date, policy, zone);
      REQUIRE(is_worked(moved, zone));
      REQUIRE(roll(moved, policy, zone) == moved);
      REQUIRE(moved <= roll(later, policy, zone));
    }
    REQUIRE(roll(date, Rollover::previous_working_day, zone) <= date);
    REQUIRE(date <= roll(date, Rollover::next_working_day, zone));
  }
}

TEST_CASE("worked days added and taken away lead back to a worked day") {
  Chance chance(4);
  for (int i = 0; i < trial_count; ++i) {
    const auto& zone = chance.zone();
    const auto kind = chance.kind();
    const auto start = next_worked(chance.date(), zone, kind);
    const int count = chance.between(-60, 60);
    CAPTURE(zone.name());
    CAPTURE(to_iso(start));
    CAPTURE(count);
    const auto reached = add_worked(start, count, zone, kind);
    REQUIRE(is_worked(reached, zone, kind));
    REQUIRE(add_worked(reached, -count, zone, kind) == start);
  }
}

TEST_CASE("the times of a recurrence go forward from its start") {
  Chance chance(5);
  for (int i = 0; i < 300; ++i) {
    const auto text =
        "DTSTART:20260228T093000\nRRULE:" + random_rule(chance) + "\nRRULE:" + random_rule(chance);
    CAPTURE(text);
    const auto set = Recurrence::parse(text);
    REQUIRE(set.has_value());
    auto cursor = set->begin();
    auto last = set->start() - std::chrono::seconds{1};
    for (int given = 0; given < 50; ++given) {
      const auto local = cursor.next();
      if (!local) break;
      REQUIRE(*local > last);
      last = *local;
    }
  }
}

TEST_CASE("a local time reads back from its text") {
  Chance chance(6);
  for (int i = 0; i < trial_count; ++i) {
    const auto local = local_at(chance.date(), std::chrono::seconds{chance.between(0, 86'399)});
    REQUIRE(parse_iso_local(to_iso(local)) == local);
  }
  for (const char* text : {"", "2026-02-30T09:00:00", "2026-02-20T24:00:00", "2026-02-20T09:00",
                           "2026-02-20 09:00:00", "2026-02-20T09:00:00Z", "2026-02-20T09:00:0a"})
    CHECK_FALSE(parse_iso_local(text).has_value());
}
