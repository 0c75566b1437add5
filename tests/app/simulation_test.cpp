// SPDX-License-Identifier: Apache-2.0
#include "app/simulation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/parse.hpp>

using namespace rappel;
using namespace rappel::app;

namespace {

const Library& library() {
  static const auto loaded = load_library(std::string(RAPPEL_SOURCE_DIR) + "/templates");
  if (!loaded) {
    for (const auto& problem : loaded.error()) MESSAGE(to_string(problem));
  }
  REQUIRE(loaded.has_value());
  return *loaded;
}

SimulationInput input(const char* citizen, const char* events, const char* from, const char* until) {
  SimulationInput input;
  input.citizen = boost::json::parse(citizen).as_object();
  input.events = boost::json::parse(events).as_object();
  input.from = *parse_rfc3339(from);
  input.until = *parse_rfc3339(until);
  input.tenant.id = TenantId::random();
  input.tenant.slug = "t";
  input.tenant.name = "Mairie";
  input.tenant.human_name = "l'accueil";
  input.tenant.human_phone = "02 99 00 00 00";
  return input;
}

const char* const madeleine = R"({
  "given_name": "Madeleine", "family_name": "Roux", "birthdate": "1964-10-15", "nationality": "FR",
  "address": {"lines": ["4 rue des Lilas"], "postcode": "35000", "city": "Rennes", "insee": "35238"},
  "contacts": [{"channel": "email", "address": "madeleine@example.org"}]})";
const char* const old_card = R"({"events": [{"type": "identity_document.issued",
  "occurred_on": "2012-03-24", "data": {"id": "cni-1", "kind": "cni", "issued_on": "2012-03-24"}}]})";

}  // namespace

TEST_CASE("a card of 2012 is good for fifteen years and its holder is reminded in time") {
  const auto result = simulate_citizen(
      library(), Config{},
      input(madeleine, old_card, "2026-07-01T08:00:00Z", "2027-07-01T08:00:00Z"));
  REQUIRE(result.has_value());
  REQUIRE(result->deadlines.size() == 1);
  CHECK(to_iso(result->deadlines[0].due_on) == "2027-03-24");
  REQUIRE(result->messages.size() == 3);
  CHECK(to_rfc3339(result->messages[0].at).starts_with("2026-09-24T07:00:00"));
  CHECK(to_rfc3339(result->messages[1].at).starts_with("2026-12-24T08:00:00"));
  CHECK(to_rfc3339(result->messages[2].at).starts_with("2027-02-24T08:00:00"));
  for (const auto& sent : result->messages) {
    CHECK(sent.message.to == "madeleine@example.org");
    CHECK(sent.message.text.find("02 99 00 00 00") != std::string::npos);
    CHECK(sent.message.text.find("24 mars 2027") != std::string::npos);
    CHECK(sent.message.text.find("2013-1188") != std::string::npos);
  }
}

TEST_CASE("a simulation gives the same messages each time") {
  const auto once = simulate_citizen(
      library(), Config{}, input(madeleine, old_card, "2026-07-01T08:00:00Z", "2028-07-01T08:00:00Z"));
  const auto twice = simulate_citizen(
      library(), Config{}, input(madeleine, old_card, "2026-07-01T08:00:00Z", "2028-07-01T08:00:00Z"));
  REQUIRE(once.has_value());
  REQUIRE(twice.has_value());
  REQUIRE(once->messages.size() == twice->messages.size());
  for (std::size_t i = 0; i < once->messages.size(); ++i) {
    CHECK(once->messages[i].at == twice->messages[i].at);
    CHECK(once->messages[i].message.text == twice->messages[i].message.text);
  }
}

TEST_CASE("missing documents are asked for until they are due and not after") {
  const auto result = simulate_citizen(
      library(), Config{},
      input(madeleine, R"({"events": [{"type": "document.requested", "occurred_on": "2026-11-20",
              "data": {"claim": "g1", "label": "bourse", "received_on": "2026-11-20",
                       "documents": ["bulletin de salaire"], "due_on": "2026-12-18"}}]})",
            "2026-11-22T08:00:00Z", "2027-11-22T08:00:00Z"));
  REQUIRE(result.has_value());
  REQUIRE_FALSE(result->messages.empty());
  for (const auto& sent : result->messages) {
    CHECK(sent.message.text.find("bulletin de salaire") != std::string::npos);
    CHECK(sent.at < *parse_rfc3339("2026-12-18T23:00:00Z"));
  }
}

TEST_CASE("campaign dates that are not published are not invented") {
  auto person = input(madeleine, "{}", "2026-11-24T08:00:00Z", "2027-11-24T08:00:00Z");
  person.citizen["tax"] = {{"household", true}};
  const auto result = simulate_citizen(library(), Config{}, person);
  REQUIRE(result.has_value());
  for (const auto& deadline : result->deadlines) CHECK(deadline.occurrence != "2027");
  CHECK_FALSE(result->notes.empty());
}

TEST_CASE("what rules say without a deadline is told of all of them and not of the last events alone") {
  auto person = input(madeleine, old_card, "2026-11-24T08:00:00Z", "2026-11-24T08:00:00Z");
  person.citizen["cheque_energie_eligible"] = true;  // no fact that the card's event changes
  const auto result = simulate_citizen(library(), Config{}, person);
  REQUIRE(result.has_value());
  const auto told = std::find_if(result->notes.begin(), result->notes.end(), [](const auto& note) {
    return note.at("rule") == "fr.benefits.cheque_energie_demande";
  });
  CHECK(told != result->notes.end());
}

TEST_CASE("a citizen whose facts are wrong is refused with the place") {
  auto person = input(madeleine, "{}", "2026-11-24T08:00:00Z", "2027-11-24T08:00:00Z");
  person.citizen["birthdate"] = "1964-02-30";
  const auto result = simulate_citizen(library(), Config{}, person);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().where == "/birthdate");
}
