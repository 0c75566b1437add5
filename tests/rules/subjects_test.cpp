// SPDX-License-Identifier: Apache-2.0
// Rules for each vehicle, claim and life event; what they may ask.
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "rules/written_rules.hpp"

using namespace rappel;
using namespace rappel::test;

namespace {

const std::string month_after_a_move = R"(events: [address.changed]
when: {fact: vehicles_count, at_least: 1, text: {fr: un véhicule, en: a vehicle}}
due:
  from: event.on
  steps: [{add: P1M, method: quantieme, text: {fr: un mois, en: a month}}]
)";

const std::string silence_means_refusal = R"(when:
  all:
    - {fact: claim.silence, is: rejet}
    - {fact: claim.decided_on, present: false}
  text: {fr: a, en: a}
due:
  from: claim.made_on
  steps: [{claim_delay: P2M, method: quantieme, text: {fr: deux mois, en: two months}}]
suspended_by: {event: document.requested, text: {fr: le délai s'arrête, en: the clock stops}}
resumed_by: [document.received, delay_over]
)";

const std::pair<std::string, std::string> claim_made{
    "claim.made", R"({"claim":"c","made_on":"2026-09-01","silence":"rejet"})"};

}  // namespace

TEST_CASE("each life event of the named type has its deadline") {
  const auto book = written_book({{"move", written_rule("move", "event", month_after_a_move)}});
  auto events = events_of({{"vehicle.registered",
                            R"({"id":"v","category":"M1","first_registered_on":"2020-01-01"})"},
                           {"job.started", "{}"}});
  const auto moved = events_of({{"address.changed", R"({"insee":"35238"})"}}, "2027-01-31");
  events.insert(events.end(), moved.begin(), moved.end());
  CHECK(told(book, profile::fold(events), "2027-02-01") == "2027-02-28 open");
  const auto sold = events_of({{"vehicle.sold", R"({"id":"v"})"}}, "2027-02-02");
  events.insert(events.end(), sold.begin(), sold.end());
  CHECK(told(book, profile::fold(events), "2027-02-03").empty());
}

TEST_CASE("a clock stands still while a document is missing and no longer than the letter gave") {
  const auto book =
      written_book({{"silence", written_rule("silence", "claim", silence_means_refusal)}});
  CHECK(told(book, profile_of({claim_made}), "2026-09-02") == "2026-11-01 open");
  const std::pair<std::string, std::string> asked{
      "document.requested",
      R"({"claim":"c","label":"x","documents":["RIB"],"received_on":"2026-10-01","due_on":"2026-10-21"})"};
  // Nothing came: twenty days, the delay of the letter.
  CHECK(told(book, profile_of({claim_made, asked}), "2026-10-02") == "2026-11-21 open");
  auto events = events_of({claim_made, asked});
  const auto came = events_of({{"document.received", R"({"claim":"c"})"}}, "2026-10-06");
  events.insert(events.end(), came.begin(), came.end());
  CHECK(told(book, profile::fold(events), "2026-10-06") == "2026-11-06 open");
}

TEST_CASE("two letters at once stop the clock once") {
  const auto book =
      written_book({{"silence", written_rule("silence", "claim", silence_means_refusal)}});
  const auto letter = [](const std::string& from, const std::string& until) {
    return std::pair<std::string, std::string>{
        "document.requested", R"({"claim":"c","label":"x","documents":["RIB"],"received_on":")" +
                                  from + R"(","due_on":")" + until + "\"}"};
  };
  // 1 to 21 October, and 11 to 26 October: 25 days in all.
  CHECK(told(book,
             profile_of({claim_made, letter("2026-10-01", "2026-10-21"),
                         letter("2026-10-11", "2026-10-26")}),
             "2026-10-02") == "2026-11-26 open");
  // A letter after the end of the delay stops nothing.
  CHECK(told(book, profile_of({claim_made, letter("2026-11-02", "2026-12-02")}), "2026-10-02") ==
        "2026-11-01 open");
}

TEST_CASE("a decree's own delay takes the place of the law's two months") {
  const auto book =
      written_book({{"silence", written_rule("silence", "claim", silence_means_refusal)}});
  const auto profile = profile_of(
      {{"claim.made",
        R"({"claim":"c","made_on":"2026-09-01","silence":"rejet","decision_delay":"P6M"})"}});
  CHECK(told(book, profile, "2026-09-02") == "2027-03-01 open");
}

TEST_CASE("a life event counts for as long as the rule says and the day after it no more") {
  const auto book = written_book({{"since", written_rule("since", "citizen", R"(
when: {event: address.changed, within: P3M, text: {fr: a, en: a}}
due:
  from: date_depart_retraite
  text: {fr: a, en: a}
)")}});
  auto events = events_of({{"citizen.updated", R"({"date_depart_retraite":"2028-01-01"})"}});
  const auto moved = events_of({{"address.changed", R"({"insee":"35238"})"}}, "2026-11-30");
  events.insert(events.end(), moved.begin(), moved.end());
  const auto profile = profile::fold(events);
  CHECK(told(book, profile, "2027-02-28") == "2028-01-01 open");
  CHECK(told(book, profile, "2027-03-01").empty());
  CHECK(book.evaluate(profile, day("2027-02-27")).reevaluate_on == day("2027-03-01"));
}

TEST_CASE("a list is asked what it holds and a benefit that has ended is not held") {
  const auto book = written_book({{"has", written_rule("has", "citizen", R"(
when: {fact: benefits, has: [rsa, aspa], text: {fr: a, en: a}}
due:
  from: date_depart_retraite
  text: {fr: a, en: a}
)")}});
  const auto profile =
      profile_of({{"citizen.updated", R"({"date_depart_retraite":"2028-01-01"})"},
                  {"benefit.granted", R"({"kind":"rsa","ends_on":"2026-12-31"})"}});
  CHECK(told(book, profile, "2026-12-31") == "2028-01-01 open");
  CHECK(told(book, profile, "2027-01-01").empty());
  CHECK(book.evaluate(profile, day("2026-12-01")).reevaluate_on == day("2027-01-01"));
}

TEST_CASE("a rule that takes another's place for the same subject silences it") {
  const std::string both = R"(when: {fact: child.birthdate, present: true, text: {fr: a, en: a}}
due:
  from: child.birthdate
  steps: [{add: P16Y, method: quantieme, text: {fr: a, en: a}}]
)";
  const auto book = written_book(
      {{"old", written_rule("old", "child", both)},
       {"replacing", written_rule("replacing", "child", "supersedes: [fr.test.old]\n" + both)}});
  const auto evaluation =
      book.evaluate(profile_of({{"child.born", R"({"birthdate":"2015-06-01"})"}}), day("2026-11-24"));
  REQUIRE(evaluation.deadlines.size() == 2);
  CHECK(evaluation.deadlines[0].state == DeadlineState::superseded);
  CHECK(evaluation.deadlines[0].stages.empty());
  CHECK(evaluation.deadlines[1].state == DeadlineState::open);
  const auto broken = load_written(
      {{"one", written_rule("one", "child", "supersedes: [fr.test.on]\n" + both)}});
  REQUIRE_FALSE(broken.has_value());
  CHECK(broken.error().at(0).code == "unknown_rule");
}

TEST_CASE("the next step follows how far the procedure has come") {
  const auto book = written_book({{"steps", written_rule("steps", "child", R"(
when: {fact: child.birthdate, present: true, text: {fr: a, en: a}}
due:
  from: child.birthdate
  steps: [{add: P16Y, method: quantieme, text: {fr: a, en: a}}]
next_steps:
  - {when: {fact: procedure.step, is: appointment_booked, text: {fr: a, en: a}}, state: booked, text: {fr: Apportez les pièces., en: Bring the documents.}}
  - {state: to_book, text: {fr: Prenez rendez-vous., en: Book an appointment.}}
)")}});
  auto events = events_of({{"child.born", R"({"id":"k","birthdate":"2015-06-01"})"}});
  const auto state = [&] {
    const auto evaluation = book.evaluate(profile::fold(events), day("2026-11-24"));
    return evaluation.deadlines.at(0).explanation.at("next_step").at("state").as_string();
  };
  CHECK(state() == "to_book");
  const auto booked = events_of(
      {{"procedure.advanced", R"({"rule":"fr.test.steps","subject":"k","step":"appointment_booked"})"}});
  events.insert(events.end(), booked.begin(), booked.end());
  CHECK(state() == "booked");
}

TEST_CASE("dates without explanation are the same dates") {
  const auto book =
      written_book({{"silence", written_rule("silence", "claim", silence_means_refusal)}});
  rules::Query query(day("2026-09-02"));
  query.detail = rules::Detail::dates;
  const auto lean = book.evaluate(profile_of({claim_made}), query);
  const auto whole = book.evaluate(profile_of({claim_made}), day("2026-09-02"));
  REQUIRE(lean.deadlines.size() == 1);
  CHECK(lean.deadlines[0].due_on == whole.deadlines.at(0).due_on);
  CHECK(lean.deadlines[0].stages.size() == whole.deadlines[0].stages.size());
  CHECK(lean.deadlines[0].explanation.empty());
  CHECK_FALSE(whole.deadlines[0].explanation.empty());
}

TEST_CASE("what is marked done stays done unless it comes back under the same name") {
  const std::string in_two_years = R"(when: {fact: today, at_least: 2000-01-01, text: {fr: a, en: a}}
due:
  from: event.on
  steps: [{add: P2Y, method: quantieme, text: {fr: a, en: a}}]
)";
  const auto once = written_book(
      {{"once", written_rule("once", "event", "events: [tax.assessed]\n" + in_two_years)}});
  auto events = events_of({{"tax.assessed", R"({"id":"t","kind":"impot_local"})"}}, "2026-01-10");
  const auto done = [](const std::string& rule, const std::string& subject) {
    return events_of({{"deadline.done", R"({"rule":")" + rule + R"(","subject":")" + subject + "\"}"}},
                     "2026-02-01");
  };
  const auto mark = done("fr.test.once", "t");
  events.insert(events.end(), mark.begin(), mark.end());
  CHECK(told(once, profile::fold(events), "2026-02-02") == "2028-01-10 met");

  const auto again = written_book({{"again", written_rule("again", "vehicle", R"(
when: {fact: vehicle.last_test_on, present: true, text: {fr: a, en: a}}
due:
  from: vehicle.last_test_on
  steps: [{add: P2Y, method: quantieme, text: {fr: a, en: a}}]
)")}});
  auto tests = events_of({{"vehicle.registered",
                           R"({"id":"v","category":"M1","first_registered_on":"2015-01-01"})"},
                          {"vehicle.inspected", R"({"id":"v","on":"2024-03-01"})"}}, "2024-03-01");
  const auto mark_of_2026 = done("fr.test.again", "v");
  tests.insert(tests.end(), mark_of_2026.begin(), mark_of_2026.end());
  CHECK(told(again, profile::fold(tests), "2026-02-02") == "2026-03-01 met");
  const auto passed =
      events_of({{"vehicle.inspected", R"({"id":"v","on":"2026-02-20"})"}}, "2026-02-20");
  tests.insert(tests.end(), passed.begin(), passed.end());
  CHECK(told(again, profile::fold(tests), "2026-03-02") == "2028-02-20 open");
}
