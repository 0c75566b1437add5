// SPDX-License-Identifier: Apache-2.0
#include "calendar/holidays.hpp"

#include "calendar/easter.hpp"
#include "calendar/vectors.hpp"

using namespace rappel;
using namespace rappel::calendar;
using namespace rappel::test;

namespace {

std::vector<std::string> texts(const std::vector<CivilDate>& dates) {
  std::vector<std::string> list;
  for (const auto date : dates) list.push_back(to_iso(date));
  return list;
}

std::vector<std::string> texts(const boost::json::value& list) {
  std::vector<std::string> items;
  for (const auto& item : list.as_array()) items.emplace_back(item.as_string());
  return items;
}

Problem first_problem(const std::string& text) {
  const auto loaded = Holidays::parse("days.yaml", text);
  REQUIRE_FALSE(loaded.has_value());
  return loaded.error().front();
}

}  // namespace

TEST_CASE("Easter Sunday falls where two libraries put it") {
  for (const auto& vector : vectors_of("easter_1990_2100.json")) {
    CHECK(to_iso(easter_sunday(number_of(vector, "year"))) == text_of(vector, "easter_sunday"));
  }
}

TEST_CASE("the public holidays of every zone are those of the examples") {
  for (const auto& vector : vectors_of("holidays_fr_1990_2060.json")) {
    CAPTURE(text_of(vector, "zone"));
    CAPTURE(number_of(vector, "year"));
    CHECK(texts(zone_of(vector).in_year(number_of(vector, "year"))) == texts(vector.at("dates")));
  }
}

TEST_CASE("customary days are apart and count for nothing") {
  const auto* guadeloupe = french_holidays().zone("971");
  REQUIRE(guadeloupe != nullptr);
  CHECK(texts(guadeloupe->customary_in_year(2026)) ==
        std::vector<std::string>{"2026-04-03", "2026-07-21"});
  CHECK_FALSE(guadeloupe->is_holiday(parse_iso_date("2026-04-03").value()));
  CHECK_FALSE(guadeloupe->is_holiday(parse_iso_date("2026-07-21").value()));
}

TEST_CASE("customary days count where an administration asks for them") {
  const auto holidays = calendar::Holidays::load(
      std::string(RAPPEL_SOURCE_DIR) + "/templates/calendar/holidays.fr.yaml", calendar::Custom::counted);
  REQUIRE(holidays.has_value());
  CHECK(holidays->zone("971")->is_holiday(parse_iso_date("2026-04-03").value()));
  CHECK(holidays->zone("971")->in_year(2026).size() ==
        french_holidays().zone("971")->in_year(2026).size() + 2);
  CHECK(holidays->zone("metropole")->in_year(2026) == french_holidays().zone("metropole")->in_year(2026));
}

TEST_CASE("a day is a holiday exactly when the list of its year holds it") {
  for (const auto& name : french_holidays().zone_names()) {
    const auto* zone = french_holidays().zone(name);
    std::size_t found = 0;
    const auto end = parse_iso_date("2028-12-31").value();
    for (auto date = parse_iso_date("2028-01-01").value(); date <= end;
         date = CivilDate{std::chrono::sys_days(date) + std::chrono::days{1}})
      found += zone->is_holiday(date) ? 1 : 0;
    CHECK(found == zone->in_year(2028).size());
  }
}

TEST_CASE("a zone is found by a departement of it") {
  CHECK(french_holidays().zone("67") == french_holidays().zone("57-67-68"));
  CHECK(french_holidays().zone("75") == nullptr);
}

TEST_CASE("a holiday counts only in its years of validity") {
  const auto holidays = Holidays::parse("days.yaml",
                                        "zones: [{name: here}]\n"
                                        "holidays:\n"
                                        "  - {on: 05-08, fr: a, en: a, from_year: 1982}\n"
                                        "  - {on: 01-02, fr: b, en: b, to_year: 1990}\n");
  REQUIRE(holidays.has_value());
  CHECK(texts(holidays->zone("here")->in_year(1981)) == std::vector<std::string>{"1981-01-02"});
  CHECK(texts(holidays->zone("here")->in_year(1982)) ==
        std::vector<std::string>{"1982-01-02", "1982-05-08"});
  CHECK(texts(holidays->zone("here")->in_year(1991)) == std::vector<std::string>{"1991-05-08"});
}

TEST_CASE("a wrong line of a holiday file is refused with its place") {
  auto problem = first_problem("zones: [{name: here}]\nholidays:\n  - {on: 02-29, fr: a, en: a}\n");
  CHECK(problem.code == "not_a_day");
  CHECK(problem.where == "days.yaml:3:10");
  problem = first_problem("zones: [{name: here}]\nholidays:\n  - {fr: a, en: a}\n");
  CHECK(problem.code == "one_of_two");
  problem = first_problem(
      "zones: [{name: here}]\nholidays:\n  - {on: 01-01, fr: a, en: a, zones: [heer]}\n");
  CHECK(problem.code == "unknown_zone");
  CHECK(problem.mend == "did you mean \"here\"?");
  problem =
      first_problem("zones: [{name: here}]\nholidays:\n  - {on: 01-01, fr: a, en: a, form: 1}\n");
  CHECK(problem.code == "unknown_key");
  CHECK(first_problem("holidays: []\n").code == "missing_key");
}
