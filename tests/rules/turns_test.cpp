// SPDX-License-Identifier: Apache-2.0
// Limits that come back.
#include "rules/written_rules.hpp"

using namespace rappel;
using namespace rappel::test;

namespace {

const std::string jobseeker = R"(when: {fact: inscrit_france_travail, is: true, text: {fr: a, en: a}}
due:
  recurrence: FREQ=MONTHLY;BYMONTHDAY=15
  start: 2016-01-15
  text: {fr: le 15, en: the 15th}
opens_on:
  cases:
    - when: {fact: due_month, is: 3, text: {fr: mars, en: March}}
      from: due_on
      steps:
        - {add: -P1M, method: quantieme, text: {fr: a, en: a}}
        - {day_of_month: 26, text: {fr: a, en: a}}
    - from: due_on
      steps:
        - {add: -P1M, method: quantieme, text: {fr: a, en: a}}
        - {day_of_month: 28, text: {fr: a, en: a}}
satisfied_by: {filed: france_travail, text: {fr: fait, en: done}}
grace: P5D
)";

const char* const jobseeker_facts = R"({"inscrit_france_travail": true})";

profile::Profile filed_on(const std::string& on) {
  return profile_of({{"citizen.updated", jobseeker_facts},
                     {"declaration.filed", R"({"kind":"france_travail","on":")" + on + "\"}"}});
}

}  // namespace

TEST_CASE("the turn under way is the first that is not over and one just over is still told") {
  const auto book = written_book({{"turn", written_rule("turn", "citizen", jobseeker)}});
  const auto profile = profile_of({{"citizen.updated", jobseeker_facts}});
  CHECK(told(book, profile, "2026-11-15") == "2026-11-15 open");
  CHECK(told(book, profile, "2026-11-16") == "2026-11-15 missed; 2026-12-15 open");
  CHECK(told(book, profile, "2026-11-21") == "2026-12-15 open");
}

TEST_CASE("an opening may depend on the month of its limit") {
  const auto book = written_book({{"turn", written_rule("turn", "citizen", jobseeker)}});
  const auto profile = profile_of({{"citizen.updated", jobseeker_facts}});
  const auto opening = [&](const std::string& as_of) {
    return to_iso(book.evaluate(profile, day(as_of)).deadlines.back().opens_on.value());
  };
  CHECK(opening("2027-03-01") == "2027-02-26");
  CHECK(opening("2027-04-01") == "2027-03-28");
}

TEST_CASE("what is declared from the opening of the next turn on is of the next turn") {
  const auto book = written_book({{"turn", written_rule("turn", "citizen", jobseeker)}});
  CHECK(told(book, filed_on("2026-10-28"), "2026-11-16") == "2026-11-15 met; 2026-12-15 open");
  CHECK(told(book, filed_on("2026-11-15"), "2026-11-16") == "2026-11-15 met; 2026-12-15 open");
  CHECK(told(book, filed_on("2026-11-28"), "2026-11-30") == "2026-12-15 met");
  CHECK(told(book, filed_on("2026-10-27"), "2026-11-16") == "2026-11-15 missed; 2026-12-15 open");
}

TEST_CASE("a turn that is done early does not hold back the look at the turn after it") {
  const auto book = written_book({{"turn", written_rule("turn", "citizen", jobseeker)}});
  const auto done = filed_on("2026-11-28");
  REQUIRE(told(book, done, "2026-11-30") == "2026-12-15 met");
  REQUIRE(told(book, done, "2026-12-16") == "2026-12-15 met; 2027-01-15 open");
  CHECK(to_iso(book.evaluate(done, day("2026-11-30")).reevaluate_on.value()) == "2026-12-16");
}

TEST_CASE("turns since a fact are counted from it in one step and led to their limit") {
  const auto book = written_book({{"turn", written_rule("turn", "benefit", R"(
when: {fact: benefit.kind, is: rsa, text: {fr: a, en: a}}
due:
  every: P3M
  from: benefit.opened_on
  method: quantieme
  first: {from: benefit.opened_on, steps: [{add: P3M, method: quantieme, text: {fr: a, en: a}}]}
  steps: [{day_of_month: 31, text: {fr: a, en: a}}]
  text: {fr: tous les trois mois, en: every three months}
grace: P0D
)")}});
  const auto profile =
      profile_of({{"benefit.granted", R"({"kind":"rsa","opened_on":"2025-11-30"})"}});
  CHECK(told(book, profile, "2025-12-01") == "2026-02-28 open");
  CHECK(told(book, profile, "2026-02-28") == "2026-02-28 open");
  CHECK(told(book, profile, "2026-03-01") == "2026-05-31 open");
  CHECK(told(book, profile, "2040-01-01") == "2040-02-29 open");
  const auto evaluation = book.evaluate(profile, day("2026-03-01"));
  CHECK(evaluation.deadlines.at(0).occurrence == "2026-05-30");
  CHECK(evaluation.reevaluate_on == day("2026-06-01"));
}

TEST_CASE("a first turn after the end of a quarter is not before it") {
  const auto book = written_book({{"turn", written_rule("turn", "citizen", R"(
when: {fact: periodicite_declaration, is: trimestrielle, text: {fr: a, en: a}}
due:
  recurrence: FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=-1
  start: 2016-01-31
  first:
    from: entreprise_debut
    steps:
      - {quarter_end: true, text: {fr: a, en: a}}
      - {add: P4M, method: end_of_nth_month, text: {fr: a, en: a}}
  text: {fr: a, en: a}
)")}});
  const auto started = [&](const std::string& on) {
    return profile_of({{"citizen.updated", R"({"periodicite_declaration":"trimestrielle",
                        "entreprise_debut":")" + on + "\"}"}});
  };
  CHECK(told(book, started("2026-01-10"), "2026-01-10") == "2026-07-31 open");
  CHECK(told(book, started("2026-03-31"), "2026-03-31") == "2026-07-31 open");
  CHECK(told(book, started("2026-04-01"), "2026-04-01") == "2026-10-31 open");
}

TEST_CASE("a recurrence that never comes or a period that leads nowhere is refused") {
  const auto refusal = [](const std::string& due) {
    const auto book = load_written({{"turn", written_rule("turn", "citizen", R"(
when: {fact: inscrit_france_travail, is: true, text: {fr: a, en: a}}
due:
  text: {fr: a, en: a}
)" + due)}});
    REQUIRE_FALSE(book.has_value());
    return book.error().at(0).code;
  };
  CHECK(refusal("  recurrence: FREQ=SOMETIMES\n  start: 2016-01-15\n") == "not_a_recurrence");
  CHECK(refusal("  every: P0D\n  from: birthdate\n  method: quantieme\n") == "not_forward");
  CHECK(refusal("  every: P1M\n  from: birthdate\n  method: days\n") == "wrong_method");
  CHECK(refusal("  recurrence: FREQ=MONTHLY\n") == "missing_key");
}
