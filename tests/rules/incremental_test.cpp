// SPDX-License-Identifier: Apache-2.0
// What an event does not touch is not asked again, and stays true.
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <map>
#include <random>

#include "rules/books.hpp"

using namespace rappel;
using namespace rappel::test;

namespace {

/// Each deadline as one text, by its rule.
using Told = std::multimap<std::string, std::string>;

Told told_by_rule(const rules::Evaluation& evaluation) {
  Told told;
  for (const auto& deadline : evaluation.deadlines) {
    std::string text = deadline.subject + "/" + deadline.occurrence + " " + to_iso(deadline.due_on) +
                       " " + std::string(to_string(deadline.state)) +
                       boost::json::serialize(deadline.explanation);
    for (const auto& stage : deadline.stages) text += " " + to_iso(stage.on);
    told.emplace(deadline.rule, text);
  }
  return told;
}

/// What is known once the rules that were asked have answered anew.
Told merged(const Told& before, const rules::Evaluation& partial) {
  Told after = told_by_rule(partial);
  for (const auto& [rule, text] : before) {
    if (std::binary_search(partial.left_out.begin(), partial.left_out.end(), rule))
      after.emplace(rule, text);
  }
  return after;
}

/// Events about which the shipped rules have something to say.
std::vector<Event> pool() {
  std::vector<Event> events = events_of({
      {"citizen.updated", R"({"birthdate":"1984-03-02","nationality":"FR"})"},
      {"citizen.updated", R"({"tax":{"household":true}})"},
      {"citizen.updated", R"({"inscrit_france_travail":true,"activite":"chomeur"})"},
      {"address.changed", R"({"insee":"57463"})"},
      {"address.changed", R"({"insee":"97411"})"},
      {"identity_document.issued", R"({"id":"c1","kind":"cni","issued_on":"2012-05-14"})"},
      {"identity_document.issued", R"({"id":"c2","kind":"cni","issued_on":"2026-11-20"})"},
      {"child.born", R"({"id":"k","birthdate":"2010-12-20"})"},
      {"document.requested",
       R"({"claim":"b1","label":"bourse","documents":["RIB"],"due_on":"2026-12-12"})"},
      {"document.received", R"({"claim":"b1"})"},
      {"vehicle.registered", R"({"id":"v","category":"M1","first_registered_on":"2023-01-05"})"},
      {"benefit.granted", R"({"kind":"c2s","ends_on":"2027-03-31"})"},
      {"declaration.filed", R"({"kind":"income_tax","year":2026})"},
      {"deadline.done", R"({"rule":"fr.identity.cni_majeur","subject":"c1"})"},
  });
  return events;
}

}  // namespace

TEST_CASE("an incremental evaluation says what a full one says whatever happened before") {
  const auto& book = shipped_book();
  const auto today = day("2026-11-24");
  const auto events = pool();
  for (unsigned seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    profile::Profile profile;
    Told told = told_by_rule(book.evaluate(profile, today));
    for (int i = 0; i < 12; ++i) {
      const Event& event = events[random() % events.size()];
      profile::apply(profile, event);
      rules::Query query(today);
      query.changed = profile::areas_changed(event);
      told = merged(told, book.evaluate(profile, query));
      CAPTURE(event.type);
      CHECK(told == told_by_rule(book.evaluate(profile, today)));
    }
  }
}

TEST_CASE("an event leaves out the rules that read nothing of what it changed") {
  rules::Query query(day("2026-11-24"));
  query.changed = profile::Area::vehicles;
  const auto evaluation = shipped_book().evaluate(profile_of({}), query);
  CHECK(std::binary_search(evaluation.left_out.begin(), evaluation.left_out.end(),
                           "fr.identity.cni_majeur"));
  query.changed = profile::Area::documents;
  const auto of_documents = shipped_book().evaluate(profile_of({}), query);
  CHECK_FALSE(std::binary_search(of_documents.left_out.begin(), of_documents.left_out.end(),
                                 "fr.identity.cni_majeur"));
}

TEST_CASE("every type of event names at least what it was seen to change") {
  for (const auto& event : pool()) {
    CAPTURE(event.type);
    profile::Profile before;
    auto after = before;
    profile::apply(after, event);
    if (!(before == after)) CHECK_FALSE(profile::areas_changed(event).empty());
  }
}
