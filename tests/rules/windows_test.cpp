// SPDX-License-Identifier: Apache-2.0
// The windows of rules that are not all shipped yet, written with the functions of calendar/: the
// arithmetic that a rule of that law will need is there, and gives the days of the worked examples.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>

#include "calendar/anchors.hpp"
#include "calendar/period.hpp"
#include "rules/books.hpp"
#include "rules/campaign.hpp"

using namespace rappel;
using namespace rappel::calendar;
using namespace rappel::test;
using boost::json::object;
using std::chrono::February;
using std::chrono::Friday;
using std::chrono::Wednesday;

namespace {

boost::json::array vectors_in(const std::string& file) {
  std::ifstream stream(std::string(RAPPEL_SOURCE_DIR) + "/tests/rules/data/" + file);
  REQUIRE(stream.good());
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  auto vectors = boost::json::parse(text).at("vectors").as_array();
  REQUIRE_FALSE(vectors.empty());
  return vectors;
}

std::string text_of(const object& input, const char* name) {
  return std::string(input.at(name).as_string());
}

CivilDate date_of(const object& input, const char* name) {
  return day(text_of(input, name));
}

std::string years_after(CivilDate date, int years) {
  return to_iso(add(date, {years, 0, 0}));
}
std::string months_after(CivilDate date, int months) {
  return to_iso(add(date, {0, months, 0}));
}
std::string days_after(CivilDate date, int days) {
  return to_iso(add_days(date, days));
}
/// The last day of the month that comes `months` later.
CivilDate month_end(CivilDate date, int months) {
  return add(date, {0, months, 0}, MonthRule::end_of_nth_month);
}

object first_check(CivilDate registered, int years) {
  const auto limit = add(registered, {years, 0, 0});
  return {{"opens", months_after(limit, -6)}, {"limit", to_iso(limit)}};
}

object monthly_update(const object& input) {
  const auto month = day(text_of(input, "month") + "-01");
  return {{"opens", to_iso(day_of_month(month, month.month() == February ? 26 : 28))},
          {"closes_end_of", to_iso(day_of_month(add(month, {0, 1, 0}), 15))}};
}

/// Months from that of `date` to the last one of its quarter.
int months_to_quarter_end(CivilDate date) {
  return 2 - int(unsigned(date.month()) - 1) % 3;
}

object first_monthly_return(const object& input) {
  const auto start = date_of(input, "start");
  return {{"limit", to_iso(month_end(start, 4))},
          {"covers_from", to_iso(start)},
          {"covers_to", to_iso(month_end(start, 3))}};
}

object first_quarterly_return(const object& input) {
  const auto start = date_of(input, "start");
  const int months = months_to_quarter_end(start) + 3;
  return {{"limit", to_iso(month_end(start, months + 1))},
          {"covers_to", to_iso(month_end(start, months))}};
}

object national_service(const object& input) {
  const auto birth = date_of(input, "birthdate");
  const auto sixteen = add(birth, {16, 0, 0});
  return {{"opens", to_iso(sixteen)},
          {"closes", to_iso(month_end(sixteen, 3))},
          {"regularise_before_25th_birthday", years_after(birth, 25)}};
}

// Contested: a death on the last day of a month. These examples count by the day number; BOI 7
// G-2-55 reads CGI 641 from month end to month end (31 March 2026 for a death on 30 September
// 2025), which is MonthRule::end_sticky and is tested on month_end_sticky_cgi641.json.
object succession(const object& input) {
  const auto death = date_of(input, "death");
  return {{"raw_limit", months_after(death, 6)}, {"abroad_raw_limit", years_after(death, 1)}};
}

using Window = std::function<object(const object&)>;

const std::map<std::string, Window>& windows() {
  static const std::map<std::string, Window> known{
      {"titre_sejour_teleservice_window",
       [](const object& in) -> object {
         const auto expiry = date_of(in, "expiry");
         return {{"opens", days_after(expiry, -120)}, {"closes", days_after(expiry, -60)}};
       }},
      {"titre_sejour_other_window",
       [](const object& in) -> object {
         const auto expiry = date_of(in, "expiry");
         return {{"opens", months_after(expiry, -2)}, {"closes", to_iso(expiry)}};
       }},
      {"c2s_renewal_window",
       [](const object& in) -> object {
         const auto end = date_of(in, "right_end");
         return {{"opens", months_after(end, -4)}, {"closes", months_after(end, -2)}};
       }},
      {"recensement_citoyen", national_service},
      {"controle_technique_first_car",
       [](const object& in) { return first_check(date_of(in, "first_registration"), 4); }},
      {"controle_technique_next_car",
       [](const object& in) -> object {
         return {{"limit", years_after(date_of(in, "last_check"), 2)}};
       }},
      {"controle_technique_first_moto",
       [](const object& in) { return first_check(date_of(in, "first_registration"), 5); }},
      {"logement_social_request",
       [](const object& in) -> object {
         const auto limit = add(date_of(in, "request_or_last_renewal"), {1, 0, 0});
         return {{"notice_at_latest", months_after(limit, -1)}, {"limit", to_iso(limit)}};
       }},
      {"carte_grise_address_change",
       [](const object& in) -> object {
         return {{"limit", months_after(date_of(in, "move"), 1)}};
       }},
      {"vehicle_sale_declaration",
       [](const object& in) -> object {
         return {{"limit", days_after(date_of(in, "sale"), 15)}};
       }},
      {"income_tax_family_change",
       [](const object& in) -> object {
         return {{"limit", days_after(date_of(in, "event"), 60)}};
       }},
      {"succession_declaration_metropole", succession},
      {"vls_ts_validation",
       [](const object& in) -> object {
         return {{"limit", months_after(date_of(in, "entry"), 3)}};
       }},
      {"retirement_request_window",
       [](const object& in) -> object {
         const auto departure = date_of(in, "departure_first_of_month");
         return {{"opens", months_after(departure, -6)},
                 {"advised_limit", months_after(departure, -4)}};
       }},
      {"france_travail_actualisation", monthly_update},
      {"micro_first_declaration_monthly", first_monthly_return},
      {"micro_first_declaration_quarterly", first_quarterly_return},
      {"cni_adult_issued_2004_2013",
       [](const object& in) -> object {
         const auto issued = date_of(in, "issued");
         return {{"printed_expiry", years_after(issued, 10)},
                 {"real_expiry", years_after(issued, 15)}};
       }},
  };
  return known;
}

std::map<std::string, object> source_examples() {
  std::map<std::string, object> examples;
  for (const auto& vector : vectors_in("source_examples.json")) {
    auto name = text_of(vector.as_object(), "rule");
    const auto& input = vector.at("input").as_object();
    if (const auto* year = input.if_contains("year"))
      name += "_" + std::to_string(year->as_int64());
    REQUIRE(examples.emplace(name, vector.as_object()).second);
  }
  return examples;
}

}  // namespace

TEST_CASE("the windows of the laws open and close on the days of the worked examples") {
  for (const auto& vector : vectors_in("rule_windows_composed.json")) {
    const auto rule = text_of(vector.as_object(), "rule");
    CAPTURE(rule);
    CAPTURE(vector.at("input"));
    REQUIRE(windows().contains(rule));
    CHECK(windows().at(rule)(vector.at("input").as_object()) == vector.at("expected"));
  }
}

TEST_CASE("every example that a source gives has a test here") {
  const std::vector<std::string> tested{"cni_adult_extension",          "electoral_registration",
                                        "france_travail_actualisation", "income_tax_online_2023",
                                        "income_tax_online_2024",       "income_tax_online_2026",
                                        "retirement_age_suspension"};
  std::vector<std::string> found;
  for (const auto& [name, example] : source_examples()) found.push_back(name);
  CHECK(found == tested);
}

TEST_CASE("an identity card of 2013 is valid five years longer and its holder was born by 1995") {
  const auto example = source_examples().at("cni_adult_extension");
  const auto issued =
      day(std::to_string(example.at("input").at("issued_year").as_int64()) + "-12-31");
  const auto& expected = example.at("expected");
  CHECK(int(add(issued, {10, 0, 0}).year()) == expected.at("printed_expiry_year").as_int64());
  CHECK(int(add(issued, {15, 0, 0}).year()) == expected.at("real_expiry_year").as_int64());
  CHECK(int(add(issued, {-18, 0, 0}).year()) == expected.at("born_at_latest").as_int64());
}

TEST_CASE("the roll of 12 June 2022 closed on the days that a town published") {
  const auto example = source_examples().at("electoral_registration");
  const auto friday =
      nth_weekday_before(date_of(example.at("input").as_object(), "first_round"), Friday, 6);
  const auto& expected = example.at("expected").as_object();
  CHECK(to_iso(friday) == text_of(expected, "town_hall"));
  CHECK(to_iso(nth_weekday_before(friday, Wednesday, 1)) == text_of(expected, "online"));
}

TEST_CASE("a retirement age in years and months is reached in one step") {
  const auto example = source_examples().at("retirement_age_suspension");
  const auto& expected = example.at("expected").as_object();
  REQUIRE(text_of(expected, "age") == "62 years 9 months");
  CHECK(to_iso(add(date_of(example.at("input").as_object(), "birthdate"), {62, 9, 0})) ==
        text_of(expected, "earliest"));
}

TEST_CASE("the update of February opens on the 26th and closes with the 15th of March") {
  const auto example = source_examples().at("france_travail_actualisation");
  const auto& expected = example.at("expected").as_object();
  const auto window = monthly_update(example.at("input").as_object());
  CHECK(window.at("opens") == expected.at("opens"));
  CHECK(text_of(window, "closes_end_of") + "T24:00" == text_of(expected, "closes"));
}

TEST_CASE("the limits of income tax campaigns are those that the sources give") {
  const auto campaign = rules::Campaign::load(std::string(RAPPEL_SOURCE_DIR) +
                                              "/templates/calendar/campaigns/income_tax.yaml");
  REQUIRE(campaign.has_value());
  for (const auto& [name, example] : source_examples()) {
    if (!name.starts_with("income_tax_online_")) continue;
    CAPTURE(name);
    const auto& input = example.at("input");
    const auto* year = campaign->year(int(input.at("year").as_int64()));
    REQUIRE(year != nullptr);
    // "2024-06-06T23:59": the hour is said in the rule's words.
    CHECK(to_iso(year->due_on.at("zone_" + std::to_string(input.at("zone").as_int64()))) ==
          text_of(example.at("expected").as_object(), "limit").substr(0, 10));
  }
}
