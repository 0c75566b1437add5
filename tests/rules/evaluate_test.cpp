// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <random>

#include "calendar/period.hpp"
#include "rules/books.hpp"

using namespace rappel;
using namespace rappel::test;
using rules::Evaluation;
using rules::PlannedDeadline;

namespace {

using Written = std::vector<std::pair<std::string, std::string>>;

const Written retired_woman{
    {"citizen.updated",
     R"({"given_name":"Jeanne","birthdate":"1964-03-02","nationality":"FR","activite":"retraite",
         "address":{"insee":"2A004"},"tax":{"household":true}})"},
    {"identity_document.issued", R"({"id":"c1","kind":"cni","issued_on":"2012-05-14"})"},
    {"document.requested",
     R"({"claim":"b1","label":"bourse","documents":["RIB","avis"],"due_on":"2026-12-12"})"}};

/// Everything that an evaluation says, as one text.
std::string spoken(const Evaluation& evaluation) {
  std::string text;
  for (const auto& deadline : evaluation.deadlines) {
    text += deadline.rule + "/" + deadline.subject + "/" + deadline.occurrence + " " +
            to_iso(deadline.due_on) + " " + boost::json::serialize(deadline.explanation) +
            boost::json::serialize(deadline.values);
    for (const auto& stage : deadline.stages) text += " " + stage.name + "@" + to_iso(stage.on);
    text += "\n";
  }
  for (const auto& note : evaluation.notes) text += note.rule + " " + note.fr + "\n";
  return text + (evaluation.reevaluate_on ? to_iso(*evaluation.reevaluate_on) : "never");
}

const PlannedDeadline& only(const Evaluation& evaluation, const std::string& rule) {
  const auto found = std::find_if(evaluation.deadlines.begin(), evaluation.deadlines.end(),
                                  [&](const auto& deadline) { return deadline.rule == rule; });
  REQUIRE(found != evaluation.deadlines.end());
  return *found;
}

std::string text(const boost::json::value& value) {
  return std::string(value.as_string());
}

}  // namespace

TEST_CASE("the same profile on the same day gets the same answer twice") {
  const auto profile = profile_of(retired_woman);
  const auto first = shipped_book().evaluate(profile, day("2026-11-24"));
  const auto again = shipped_book().evaluate(profile, day("2026-11-24"));
  CHECK(first.deadlines.size() == 2);
  CHECK(spoken(first) == spoken(again));
}

TEST_CASE("a stored profile gets the same answer as the one it was folded from") {
  const auto profile = profile_of(retired_woman);
  const auto stored = profile::profile_from_json(profile::to_json(profile));
  CHECK(spoken(shipped_book().evaluate(profile, day("2026-11-24"))) ==
        spoken(shipped_book().evaluate(stored, day("2026-11-24"))));
}

TEST_CASE("the order of independent events does not matter") {
  auto events = events_of(retired_woman);
  const auto wanted = spoken(shipped_book().evaluate(profile::fold(events), day("2026-11-24")));
  std::sort(events.begin(), events.end(),
            [](const Event& a, const Event& b) { return a.type < b.type; });
  do {
    CHECK(spoken(shipped_book().evaluate(profile::fold(events), day("2026-11-24"))) == wanted);
  } while (std::next_permutation(events.begin(), events.end(),
                                 [](const Event& a, const Event& b) { return a.type < b.type; }));
}

TEST_CASE("no reminder comes after the limit nor before the start of its delay") {
  std::mt19937 random(20261124);
  std::uniform_int_distribution<int> age(0, 400);
  std::uniform_int_distribution<int> delay(0, 120);
  for (int i = 0; i < 500; ++i) {
    const auto asked = calendar::add_days(day("2026-01-01"), age(random));
    const auto due = calendar::add_days(asked, delay(random));
    const auto profile =
        profile_of({{"document.requested",
                     R"({"claim":"b","label":"l","documents":["d"],"due_on":")" + to_iso(due) +
                         R"(","received_on":")" + to_iso(asked) + R"("})"}});
    const auto evaluation = shipped_book().evaluate(profile, asked);
    REQUIRE(evaluation.deadlines.size() == 1);
    const auto& deadline = evaluation.deadlines.front();
    CAPTURE(to_iso(asked));
    CAPTURE(to_iso(due));
    REQUIRE(deadline.due_on >= due);
    if (deadline.safe_on) REQUIRE(*deadline.safe_on < due);
    CivilDate before = asked;
    for (const auto& stage : deadline.stages) {
      REQUIRE(stage.on >= before);
      REQUIRE(stage.on <= deadline.safe_on.value_or(deadline.due_on));
      before = calendar::add_days(stage.on, 1);
    }
  }
}

TEST_CASE("nothing changes between a day and the one announced for the next look") {
  const auto profile = profile_of(retired_woman);
  auto today = day("2026-11-24");
  for (int looks = 0; looks < 6; ++looks) {
    const auto evaluation = shipped_book().evaluate(profile, today);
    if (!evaluation.reevaluate_on) break;
    const auto next = *evaluation.reevaluate_on;
    REQUIRE(next > today);
    const auto eve = shipped_book().evaluate(profile, calendar::add_days(next, -1));
    REQUIRE(eve.deadlines.size() == evaluation.deadlines.size());
    for (std::size_t i = 0; i < eve.deadlines.size(); ++i) {
      CHECK(eve.deadlines[i].state == evaluation.deadlines[i].state);
      CHECK(eve.deadlines[i].due_on == evaluation.deadlines[i].due_on);
    }
    today = next;
  }
}

TEST_CASE("an explanation says the conditions and the arithmetic and the law in both languages") {
  const auto evaluation = shipped_book().evaluate(profile_of(retired_woman), day("2026-11-24"));
  const auto& why = only(evaluation, "fr.identity.cni_majeur").explanation;
  CHECK(text(why.at("line").at("fr")) ==
        "Votre carte d'identité, délivrée le 14 mai 2012, est à renouveler avant le 14 mai 2027.");
  CHECK(text(why.at("line").at("en")) ==
        "Your identity card, issued on 14 May 2012, is to be renewed before 14 May 2027.");
  CHECK(text(why.at("rule")) == "fr.identity.cni_majeur");
  CHECK(why.at("version").as_int64() == 1);
  CHECK(why.at("conditions").as_array().size() == 4);
  for (const auto& condition : why.at("conditions").as_array())
    CHECK(condition.at("holds").as_bool());
  CHECK(text(why.at("conditions").at(1).at("value")) == "FR");
  const auto& arithmetic = why.at("arithmetic").as_array();
  REQUIRE(arithmetic.size() == 1);
  CHECK(text(arithmetic[0].at("from")) == "2012-05-14");
  CHECK(text(arithmetic[0].at("to")) == "2027-05-14");
  CHECK(text(why.at("legal").at(0).at("version_date")) == "2021-03-15");
  CHECK(text(why.at("confidence")) == "high");
  CHECK(why.contains("consequence"));
}

TEST_CASE("a limit that moved tells the step and the day that is safe") {
  const auto evaluation = shipped_book().evaluate(profile_of(retired_woman), day("2026-11-24"));
  const auto& deadline = only(evaluation, "fr.procedure.dossier_incomplet");
  CHECK(to_iso(deadline.due_on) == "2026-12-14");
  CHECK(deadline.safe_on == day("2026-12-11"));
  const auto& arithmetic = deadline.explanation.at("arithmetic").as_array();
  REQUIRE(arithmetic.size() == 3);
  CHECK(text(arithmetic[1].at("text").at("fr")) ==
        "Le 12 décembre 2026 n'est pas un jour ouvré : la limite passe au 14 décembre 2026.");
  CHECK(text(arithmetic[2].at("text").at("en")) ==
        "To be sure to be in time, act by 11 December 2026.");
}

TEST_CASE("values for a message are typed and name what is still missing") {
  auto written = retired_woman;
  written.push_back({"document.received", R"({"claim":"b1","documents":["RIB"]})"});
  const auto evaluation = shipped_book().evaluate(profile_of(written), day("2026-11-24"));
  const auto& deadline = only(evaluation, "fr.procedure.dossier_incomplet");
  CHECK(deadline.values.at("documents") == boost::json::array{"avis"});
  CHECK(text(deadline.values.at("claim_label")) == "bourse");
  CHECK(text(deadline.values.at("requested_on")) == "2026-11-24");
}

TEST_CASE("a shipped rule names only messages that exist") {
  for (const auto& rule : shipped_book().rules()) {
    for (const auto& message : rule.messages) {
      CAPTURE(rule.id);
      CAPTURE(message);
      for (const char* language : {"/templates/messages/fr/", "/templates/messages/en/"})
        CHECK(
            std::filesystem::exists(RAPPEL_SOURCE_DIR + std::string(language) + message + ".yaml"));
    }
  }
}

TEST_CASE("a value that is unknown is left out of those for the message") {
  Event asked =
      events_of({{"document.requested",
                  R"({"claim":"b","label":"l","documents":["x"],"due_on":"2026-12-21"})"}})
          .front();
  asked.data.erase("label");
  const std::vector<Event> events{asked};
  const auto evaluation = shipped_book().evaluate(profile::fold(events), day("2026-11-24"));
  CHECK_FALSE(evaluation.deadlines.at(0).values.contains("claim_label"));
  CHECK(evaluation.deadlines.at(0).values.contains("documents"));
}

TEST_CASE("a campaign that is not published gives a note in words and no deadline") {
  const auto evaluation = shipped_book().evaluate(profile_of(retired_woman), day("2026-11-24"));
  REQUIRE(evaluation.notes.size() == 1);
  const auto& note = evaluation.notes.front();
  CHECK(note.rule == "fr.tax.declaration_revenus");
  CHECK(note.fr.find("2027 ne sont pas encore publiées") != std::string::npos);
  CHECK(note.en.find("2027") != std::string::npos);
  CHECK(note.check_on == day("2027-01-01"));
  CHECK(std::none_of(evaluation.deadlines.begin(), evaluation.deadlines.end(),
                     [](const auto& deadline) { return deadline.topic == "tax"; }));
}

TEST_CASE("somebody saying that it is done meets that deadline and no other") {
  auto written = retired_woman;
  written.push_back({"deadline.done", R"({"rule":"fr.identity.cni_majeur","subject":"c1"})"});
  const auto evaluation = shipped_book().evaluate(profile_of(written), day("2026-11-24"));
  CHECK(only(evaluation, "fr.identity.cni_majeur").state == DeadlineState::met);
  CHECK(only(evaluation, "fr.identity.cni_majeur").stages.empty());
  CHECK(only(evaluation, "fr.procedure.dossier_incomplet").state == DeadlineState::open);
}

TEST_CASE("a mark of one year does not meet the next year's declaration") {
  const Written written{
      {"citizen.updated", R"({"tax":{"household":true},"address":{"insee":"75056"}})"},
      {"deadline.done", R"({"rule":"fr.tax.declaration_revenus","occurrence":"2024"})"}};
  const auto profile = profile_of(written, "2024-05-01");
  const auto of_2024 = shipped_book().evaluate(profile, day("2024-05-02"));
  const auto of_2026 = shipped_book().evaluate(profile, day("2026-05-02"));
  CHECK(only(of_2024, "fr.tax.declaration_revenus").state == DeadlineState::met);
  CHECK(only(of_2026, "fr.tax.declaration_revenus").state == DeadlineState::open);
}

TEST_CASE("two letters received on one day stay two deadlines") {
  const Written written{{"document.requested",
                         R"({"claim":"b","label":"l","documents":["x"],"due_on":"2026-12-21"})"},
                        {"document.requested",
                         R"({"claim":"b","label":"l","documents":["y"],"due_on":"2026-12-22"})"}};
  const auto evaluation = shipped_book().evaluate(profile_of(written), day("2026-11-24"));
  REQUIRE(evaluation.deadlines.size() == 2);
  CHECK(evaluation.deadlines[0].occurrence == "2026-11-24");
  CHECK(evaluation.deadlines[1].occurrence == "2026-11-24/2");
}

TEST_CASE("a person of whom nothing is known has no deadline and no note") {
  const auto evaluation = shipped_book().evaluate(profile::Profile{}, day("2026-11-24"));
  CHECK(evaluation.deadlines.empty());
  CHECK(evaluation.notes.empty());
  CHECK_FALSE(evaluation.reevaluate_on.has_value());
}
