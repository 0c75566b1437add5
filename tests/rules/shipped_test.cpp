// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "rules/books.hpp"

using namespace rappel;
using namespace rappel::test;

TEST_CASE("the examples of every shipped rule come out as its file says") {
  const auto& book = shipped_book();
  for (const auto& rule : book.rules()) {
    const auto results = book.run_examples(rule);
    CHECK(results.size() >= 5);
    for (const auto& result : results) {
      CAPTURE(result.rule);
      CAPTURE(result.name);
      CHECK(differences(result) == "");
    }
  }
}

TEST_CASE("what was not read in a source is a draft and is never evaluated") {
  const auto& book = shipped_book();
  const auto* rule = book.find("fr.identity.cni_majeur_2021");
  REQUIRE(rule != nullptr);
  CHECK_FALSE(rule->active);
  const auto profile =
      profile_of({{"citizen.updated", R"({"birthdate":"1964-03-02","nationality":"FR"})"},
                  {"identity_document.issued", R"({"kind":"cni","issued_on":"2022-08-02"})"}});
  CHECK(book.evaluate(profile, day("2026-11-24")).deadlines.empty());
}

TEST_CASE("a shipped rule carries what its record of versions needs") {
  for (const auto& rule : shipped_book().rules()) {
    CHECK(rule.hash.size() == 64);
    CHECK(rule.text.find(rule.id) != std::string::npos);
    CHECK_FALSE(rule.legal.empty());
    CHECK_FALSE(rule.messages.empty());
    CHECK(rule.path.ends_with(".yaml"));
  }
}

TEST_CASE("where customary days count the rules are others and everybody is evaluated anew") {
  const auto custom = rules::RuleBook::load(std::string(RAPPEL_SOURCE_DIR) + "/templates",
                                            calendar::Custom::counted);
  REQUIRE(custom.has_value());
  CHECK(custom->fingerprint() != shipped_book().fingerprint());
}
