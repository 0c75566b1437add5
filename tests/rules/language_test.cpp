// SPDX-License-Identifier: Apache-2.0
// The rule language beyond what the shipped rules use, on rules written here.
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <fstream>

#include "rules/books.hpp"
#include "rules/campaign.hpp"
#include "rules/written_rules.hpp"
#include "temporary_folder.hpp"

using namespace rappel;
using namespace rappel::test;
namespace fs = std::filesystem;

namespace {

/// A rule about a child, from its own lines: `when` and below.
std::string child_rule(const std::string& lines) {
  return R"(id: fr.test.one
version: 1
status: active
confidence: high
title: {fr: Une limite, en: A limit}
topic: test
statutory: false
lane: advice
misfire: skip
legal:
  - {text: A law, url: "https://example.org/law"}
for_each: child
line: {fr: "{child.given_name} : {due_on}", en: "{child.given_name}: {due_on}"}
examples:
  - {name: nobody, as_of: 2026-01-01, given: [], expect: []}
)" + lines;
}

const std::string one_stage =
    "reminders:\n  stages:\n    - {name: soon, offset: -P10D, at: \"09:30\", message: m}\n";
const std::string always =
    "when: {fact: child.birthdate, present: true, text: {fr: un enfant, en: a child}}\n";
const std::string born_plus =
    "due:\n  from: child.birthdate\n  steps:\n    - {text: {fr: a, en: a}, ";

rules::RuleBook book_of(const std::string& rule) {
  const TemporaryFolder folder;
  const fs::path& root = folder.path();
  fs::create_directories(root / "deadlines" / "fr" / "test");
  fs::create_symlink(fs::path(RAPPEL_SOURCE_DIR) / "templates" / "calendar", root / "calendar");
  std::ofstream(root / "deadlines" / "fr" / "test" / "one.yaml") << rule;
  auto book = rules::RuleBook::load(root);
  if (!book) {
    for (const auto& problem : book.error()) MESSAGE(to_string(problem));
  }
  REQUIRE(book.has_value());
  return *book;
}

profile::Profile parent_of(const std::string& born, const std::string& citizen = "{}") {
  return profile_of(
      {{"citizen.updated", citizen},
       {"child.born", R"({"id":"k","given_name":"Léo","birthdate":")" + born + R"("})"}});
}

/// The due dates of one rule, joined by spaces.
std::string due(const rules::RuleBook& book, const profile::Profile& profile,
                const std::string& as_of) {
  std::string text;
  for (const auto& deadline : book.evaluate(profile, day(as_of)).deadlines)
    text += (text.empty() ? "" : " ") + to_iso(deadline.due_on);
  return text;
}

}  // namespace

TEST_CASE("a step may end with a month or count worked days or be franc") {
  const auto rule = [&](const std::string& step) {
    return book_of(child_rule(always + born_plus + step + "}\nrollover: none\n" + one_stage));
  };
  const auto profile = parent_of("2026-02-28");
  CHECK(due(rule("add: P3M, method: end_of_nth_month"), profile, "2026-03-01") == "2026-05-31");
  CHECK(due(rule("add: P6M, method: end_sticky"), profile, "2026-03-01") == "2026-08-31");
  CHECK(due(rule("add: P6M, method: quantieme"), profile, "2026-03-01") == "2026-08-28");
  CHECK(due(rule("add: P60D, method: days"), profile, "2026-03-01") == "2026-04-29");
  CHECK(due(rule("worked_days: 5, kind: ouvre"), profile, "2026-03-01") == "2026-03-06");
  CHECK(due(rule("worked_days: 6, kind: ouvrable"), profile, "2026-03-01") == "2026-03-07");
  CHECK(due(rule("franc: true"), profile, "2026-02-28") == "2026-03-01");
}

TEST_CASE("a limit may roll back to the worked day before it") {
  const auto rule = [&](const std::string& policy) {
    return book_of(child_rule(always + born_plus + "add: P1D, method: days}\nrollover: " + policy +
                              "\n" + one_stage));
  };
  const auto profile = parent_of("2026-02-27");  // the limit is a Saturday
  CHECK(due(rule("previous_working_day"), profile, "2026-02-27") == "2026-02-27");
  CHECK(due(rule("next_working_day"), profile, "2026-02-27") == "2026-03-02");
  CHECK(due(rule("none"), profile, "2026-02-27") == "2026-02-28");
  CHECK(due(rule("as_published"), profile, "2026-02-27") == "2026-02-28");
}

TEST_CASE("any and not and ranges decide and an unknown fact never compares as true") {
  const auto book =
      book_of(child_rule("when:\n"
                         "  text: {fr: concerné, en: concerned}\n"
                         "  any:\n"
                         "    - {fact: departement, between: [\"20\", \"54\"]}\n"
                         "    - all:\n"
                         "        - {fact: activite, in: [chomeur, etudiant]}\n"
                         "        - not: {fact: nationality, is: FR}\n" +
                         born_plus + "add: P1Y, method: quantieme}\nrollover: none\n" + one_stage));
  const auto concerned = [&](const std::string& citizen) {
    return !due(book, parent_of("2026-02-27", citizen), "2026-03-01").empty();
  };
  CHECK(concerned(R"({"address":{"insee":"2B033"}})"));
  CHECK(concerned(R"({"address":{"insee":"54395"}})"));
  CHECK_FALSE(concerned(R"({"address":{"insee":"19272"}})"));
  CHECK_FALSE(concerned(R"({"address":{"insee":"97411"}})"));
  CHECK(concerned(R"({"activite":"etudiant"})"));  // nationality unknown: not known to be French
  CHECK_FALSE(concerned(R"({"activite":"etudiant","nationality":"FR"})"));
  CHECK_FALSE(concerned("{}"));
}

TEST_CASE("an age reached today is looked at again on the birthday") {
  const auto book = book_of(
      child_rule("when: {age_of: child.birthdate, at_least: 16, text: {fr: 16 ans, en: \"16\"}}\n" +
                 born_plus +
                 "add: P16Y, method: quantieme}\n    - {text: {fr: b, en: b}, add: P3M, "
                 "method: end_of_nth_month}\nrollover: none\n" +
                 one_stage));
  const auto profile = parent_of("2010-11-25");
  const auto eve = book.evaluate(profile, day("2026-11-24"));
  CHECK(eve.deadlines.empty());
  CHECK(eve.reevaluate_on == day("2026-11-25"));
  CHECK(due(book, profile, "2026-11-25") == "2027-02-28");
}

TEST_CASE("a window gives its opening and no reminder comes before it") {
  const auto book =
      book_of(child_rule(always + born_plus +
                         "add: P1Y, method: quantieme}\nrollover: none\n"
                         "opens_on:\n  from: due_on\n  steps:\n"
                         "    - {add: -P2M, method: quantieme, text: {fr: c, en: c}}\n"
                         "reminders:\n  at: \"09:30\"\n  message: m\n  stages:\n"
                         "    - {name: early, offset: -P3M}\n"
                         "    - {name: open, offset: P0D, from: opening}\n"
                         "    - {name: same_day, offset: -P2M}\n"
                         "    - {name: half, halfway_since: opens_on}\n"));
  const auto evaluation = book.evaluate(parent_of("2026-03-15"), day("2026-03-20"));
  REQUIRE(evaluation.deadlines.size() == 1);
  const auto& deadline = evaluation.deadlines.front();
  CHECK(deadline.opens_on == day("2027-01-15"));
  REQUIRE(deadline.stages.size() == 2);
  CHECK(deadline.stages[0].name == "open");
  CHECK(deadline.stages[0].first_contact);
  CHECK(deadline.stages[0].at == std::chrono::minutes{9 * 60 + 30});
  CHECK(deadline.stages[1].name == "half");
  CHECK(deadline.stages[1].on == day("2027-02-13"));
  CHECK(deadline.misfire == Misfire::skip);
  CHECK(deadline.lane == Lane::advice);
}

TEST_CASE("a sentence shows the first of a month as French administrations write it") {
  const auto book = book_of(child_rule(
      always + born_plus + "add: P1M, method: quantieme}\nrollover: none\n" + one_stage));
  const auto evaluation = book.evaluate(parent_of("2026-04-01"), day("2026-04-02"));
  const auto& line = evaluation.deadlines.at(0).explanation.at("line");
  CHECK(line.at("fr") == "Léo : 1er mai 2026");
  CHECK(line.at("en") == "Léo: 1 May 2026");
}

TEST_CASE("a deadline is missed on the day after it and forgotten after its grace") {
  const auto book = book_of(child_rule(always + born_plus +
                                       "add: P1M, method: quantieme}\nrollover: none\n"
                                       "grace: P10D\n" +
                                       one_stage));
  const auto profile = parent_of("2026-04-01");
  const auto state = [&](const std::string& as_of) {
    const auto evaluation = book.evaluate(profile, day(as_of));
    return evaluation.deadlines.empty() ? "forgotten"
                                        : to_string(evaluation.deadlines.front().state);
  };
  CHECK(state("2026-05-01") == "open");
  CHECK(state("2026-05-02") == "missed");
  CHECK(state("2026-05-11") == "missed");
  CHECK(state("2026-05-12") == "forgotten");
}

TEST_CASE("a milestone is not missed and says what comes next once it is reached") {
  const auto book = book_of(child_rule(
      always + born_plus + "add: P1M, method: quantieme}\nrollover: none\nnature: milestone\n" +
      "next_steps:\n  - {state: then, text: {fr: ensuite, en: then}}\n" + one_stage));
  const auto profile = parent_of("2026-04-03");
  const auto open = book.evaluate(profile, day("2026-05-03")).deadlines.front();
  CHECK(open.state == DeadlineState::open);
  CHECK_FALSE(open.safe_on);  // a Sunday, and nothing to be done by then
  const auto over = book.evaluate(profile, day("2026-05-04")).deadlines.front();
  CHECK(over.state == DeadlineState::met);
  CHECK(over.explanation.contains("next_step"));
}

TEST_CASE("what was filed for one year of a campaign does not close the next") {
  const auto book = written_book({{"yearly", written_rule("yearly", "citizen", R"(
when: {fact: tax.household, is: true, text: {fr: a, en: a}}
due:
  campaign: income_tax
  text: {fr: a, en: a}
  not_published: {fr: a, en: a}
satisfied_by: {filed: income_tax, text: {fr: a, en: a}}
)")}});
  const auto profile =
      profile_of({{"citizen.updated", R"({"tax":{"household":true},"address":{"insee":"01004"}})"},
                  {"declaration.filed", R"({"kind":"income_tax","on":"2023-05-05"})"}},
                 "2023-05-05");
  CHECK(told(book, profile, "2023-05-10") == "2023-05-25 met; 2024-05-23 open");
}

TEST_CASE("a campaign lacks the years that nobody has read") {
  const auto campaign = rules::Campaign::load(std::string(RAPPEL_SOURCE_DIR) +
                                              "/templates/calendar/campaigns/income_tax.yaml");
  REQUIRE(campaign.has_value());
  CHECK(campaign->year(2025) == nullptr);
  CHECK(campaign->year(2027) == nullptr);
  REQUIRE(campaign->year(2023) != nullptr);
  CHECK(campaign->year(2023)->due_on.at("zone_1") == day("2023-05-25"));
  CHECK(campaign->year(2024)->due_on.at("zone_3") == day("2024-06-06"));
  CHECK(campaign->zone_of("2B") == "zone_2");
  CHECK(campaign->zone_of("976") == "zone_3");
  CHECK(campaign->zone_of("988").empty());
  CHECK(campaign->zone_of("").empty());
}

TEST_CASE("a campaign of one zone without departements is for everybody") {
  const std::string years =
      "years:\n  2026: {source: s, verified_on: 2026-01-01, due_on: {all: 2026-05-01}}\n";
  const auto campaign = rules::Campaign::parse("c.yaml", "zones: [{id: all}]\n" + years);
  REQUIRE(campaign.has_value());
  CHECK(campaign->zone_of("75") == "all");
  CHECK(campaign->zone_of("") == "all");
  const auto mixed = rules::Campaign::parse(
      "c.yaml", "zones: [{id: some, from: \"01\", to: \"19\"}, {id: all}]\n" + years);
  REQUIRE_FALSE(mixed.has_value());
  CHECK(mixed.error().front().code == "wrong_zone");
  const auto after = rules::Campaign::parse(
      "c.yaml", "zones: [{id: all}, {id: some, from: \"01\", to: \"19\"}]\n" + years);
  REQUIRE_FALSE(after.has_value());
  CHECK(after.error().front().code == "wrong_zone");
  const auto half = rules::Campaign::parse("c.yaml", "zones: [{id: all, from: \"01\"}]\n" + years);
  REQUIRE_FALSE(half.has_value());
  CHECK(half.error().front().code == "missing_key");
}

TEST_CASE("a campaign file with a hole or a date of another year is refused") {
  const std::string zones = "zones: [{id: a, from: \"01\", to: \"19\"}]\nyears:\n  2026:\n";
  const auto code = [&](const std::string& year) {
    const auto campaign = rules::Campaign::parse("c.yaml", zones + year);
    REQUIRE_FALSE(campaign.has_value());
    return campaign.error().front().code;
  };
  CHECK(code("    {source: s, verified_on: 2026-01-01, due_on: {}}\n") == "missing_key");
  CHECK(code("    {source: s, verified_on: 2026-01-01, due_on: {a: 2025-05-01}}\n") ==
        "wrong_year");
  CHECK(code("    {source: s, verified_on: 2026-01-01, due_on: {a: 2026-05-32}}\n") ==
        "not_a_date");
  CHECK(code("    {verified_on: 2026-01-01, due_on: {a: 2026-05-01}}\n") == "missing_key");
  CHECK(
      code("    {source: s, verified_on: 2026-01-01, due_on: {a: 2026-05-01, b: 2026-05-01}}\n") ==
      "unknown_key");
}
