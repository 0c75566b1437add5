// SPDX-License-Identifier: Apache-2.0
// French as another library writes it (Intl of Node.js, CLDR 48). Every example is either compared
// or named with the reason why nothing of ours writes it.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>

#include "calendar/zone.hpp"
#include "message/phrase.hpp"
#include "message/sample.hpp"
#include "message/typography.hpp"

using namespace rappel;
using namespace rappel::message;
using boost::json::object;

namespace {

std::string text_at(const object& from, const char* name) {
  const auto* value = from.if_contains(name);
  return value == nullptr ? "" : std::string(value->as_string());
}

/// The api of an example and the names of its options: what decides whether we write that.
std::string kind_of(const object& example) {
  auto kind = text_at(example, "api");
  for (const auto& option : example.at("options").as_object()) {
    if (option.key() == "timeZone") continue;
    kind += " " + std::string(option.key());
    if (option.key().ends_with("Style") || option.key() == "type")
      kind += "=" + std::string(option.value().as_string());
  }
  return kind;
}

const std::map<std::string, std::string>& not_ours() {
  static const std::map<std::string, std::string> reasons{
      {"DateTimeFormat dateStyle=long", "our dates always say the weekday, or are all digits"},
      {"DateTimeFormat dateStyle=medium", "no abbreviated months: people misread them"},
      {"DateTimeFormat dateStyle=full timeStyle=short",
       "a deadline is a day; hours are in the texts"},
      {"DateTimeFormat dateStyle=long timeStyle=short", "the same"},
      {"DateTimeFormat weekday day month", "our dates always say the year"},
      {"RelativeTimeFormat numeric", "templates word distances themselves, with plurals"},
      {"ListFormat style type=conjunction", "lists are written one line each"},
      {"ListFormat style type=disjunction", "the same"},
  };
  return reasons;
}

CivilDate local_date(const object& example) {
  const auto zone = calendar::Zone::find(text_at(example.at("options").as_object(), "timeZone"));
  return calendar::to_local(parse_rfc3339(text_at(example, "input")).value(), *zone).date;
}

/// Administrations write the first of a month "1er", CLDR writes "1": ours, on purpose.
std::string with_1er(std::string text, CivilDate date) {
  if (date.day() == std::chrono::day{1}) text.replace(text.find(" 1 "), 3, " 1er ");
  return text;
}

std::string plural_category(std::int64_t count, const std::string& kind) {
  std::vector<Problem> problems;
  const auto phrase = Phrase::compile("{n, " + kind + ", one {one} many {many} other {other}}",
                                      Language::fr, SourcePosition::of_file("p"), problems);
  REQUIRE(problems.empty());
  return phrase.format({{"n", count}});
}

void check_number(const object& example, const std::string& output) {
  const auto& options = example.at("options").as_object();
  const auto number = example.at("input").to_number<double>();
  if (!options.empty()) {
    CHECK(format_amount(Cents{std::llround(number * 100)}, Language::fr) == output);
  } else if (number == std::floor(number)) {
    CHECK(format_count(std::int64_t(number), Language::fr) == output);
  } else {
    // We count whole things only; the grouping is what can be compared.
    const auto whole = format_count(std::int64_t(number), Language::fr);
    CHECK(output.starts_with(whole + ","));
  }
}

void check_example(const object& example) {
  const auto kind = kind_of(example);
  const auto output = text_at(example, "output");
  CAPTURE(boost::json::serialize(example));
  if (kind == "DateTimeFormat dateStyle=full") {
    const auto date = local_date(example);
    CHECK(format_date(date, Language::fr) == with_1er(output, date));
  } else if (kind == "DateTimeFormat dateStyle=short") {
    CHECK(format_date_short(local_date(example), Language::fr) == output);
  } else if (kind.starts_with("NumberFormat")) {
    check_number(example, output);
  } else if (kind == "PluralRules type=cardinal") {
    CHECK(plural_category(example.at("input").as_int64(), "plural") == output);
  } else if (kind == "PluralRules type=ordinal") {
    CHECK(plural_category(example.at("input").as_int64(), "selectordinal") == output);
  } else {
    CAPTURE(kind);
    CHECK(not_ours().contains(kind));
  }
}

}  // namespace

TEST_CASE("French dates and numbers and plurals are those of CLDR but for 1er") {
  std::ifstream file(std::string(RAPPEL_SOURCE_DIR) + "/tests/message/data/cldr_fr_formats.json");
  const auto data = boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  REQUIRE(data.at("vectors").as_array().size() == 35);
  for (const auto& vector : data.at("vectors").as_array()) check_example(vector.as_object());
}
