// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "calendar/recurrence_rule.hpp"
#include "rules/schema_parts.hpp"

namespace rappel::rules::schema {
namespace {

/// Every day of some year: the 29th of February of a common year is left to the loader.
constexpr std::string_view day_of_year =
    "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|"
    "02-(0[1-9]|[12][0-9]))";
constexpr std::string_view delay_parts = "([0-9]{1,4}Y)?([0-9]{1,5}M)?([0-9]{1,5}W)?([0-9]{1,6}D)?";
constexpr std::string_view no_months = "(0+Y)?(0+M)?([0-9]{1,5}W)?([0-9]{1,6}D)?";
constexpr std::string_view nothing = "(0+Y)?(0+M)?(0+W)?(0+D)?";
constexpr std::string_view delay_form = "write a delay such as P10Y, P3M, P30D or -P30D";

void add_days(json::object& definitions) {
  definitions["date"] =
      pattern(fmt::format("^[0-9]{{4}}-{}$", day_of_year), "write a day that exists as YYYY-MM-DD");
  definitions["month_day"] = pattern(fmt::format("^{}$", day_of_year),
                                     "write a day of a year as \"MM-DD\", between quotes");
  definitions["hour"] = pattern("^(00|0[4-9]|1[0-9]|2[0-3]):[0-5][0-9]$",
                                "write an hour as \"09:00\", not from 01:00 to 03:59, which change "
                                "of clocks takes away or doubles");
}

void add_delays(json::object& definitions) {
  definitions["period"] = pattern(fmt::format("^-?P(?=[0-9]){}$", delay_parts), delay_form);
  definitions["period_of_days"] =
      pattern(fmt::format("^-?P(?=[0-9]){}$", no_months),
              "the method days counts days only: write P60D or P2W, no months and no years");
  definitions["period_forward"] =
      pattern(fmt::format("^P(?=.*[1-9]){}$", delay_parts), "must lead forward: P1M, P3M, P1Y");
  definitions["period_back"] =
      pattern(fmt::format("^(-P(?=[0-9]){}|P(?=[0-9]){})$", delay_parts, nothing),
              "a reminder comes before the limit: write -P30D, or P0D for the day itself");
  definitions["recurrence"] =
      pattern(fmt::format("^([A-Z-]+=[^;=]+;)*FREQ=({})(;[A-Z-]+=[^;=]+)*$",
                          fmt::join(calendar::frequency_words(), "|")),
              "write a rule of RFC 5545 such as FREQ=MONTHLY;BYMONTHDAY=15");
}

void add_texts(json::object& definitions) {
  // Which facts may stand there depends on the subject: see add_subjects.
  auto phrase = pattern("^([^{]|\\{[^{}]+\\})*$", "has a { without its }");
  phrase["minLength"] = 1;
  definitions["phrase"] = std::move(phrase);
  Closed sentence("The same sentence in both languages, with facts between braces.");
  sentence.need("fr", refer_to("phrase"), "in French; facts stand between braces: {due_on}")
      .need("en", refer_to("phrase"), "in English; facts stand between braces: {due_on}");
  definitions["sentence"] = sentence.take();
  Closed title("The same text in both languages.");
  title.need("fr", text(), "in French").need("en", text(), "in English");
  definitions["text"] = title.take();
}

}  // namespace

void add_forms(json::object& definitions) {
  add_days(definitions);
  add_delays(definitions);
  add_texts(definitions);
  definitions["id"] = pattern("^[a-z]{2}(\\.[a-z0-9_]+)+$",
                              "write the path of a rule with dots: fr.identity.cni_mineur");
  definitions["word"] = pattern("^[a-z0-9_]+$", "write a lower-case word such as seven_days");
  definitions["departement"] =
      pattern("^([0-9]{1,3}|2A|2B)$", "write it between quotes: \"01\", \"2A\", \"974\"");
}

}  // namespace rappel::rules::schema
