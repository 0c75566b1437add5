// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>

#include "profile/labels.hpp"
#include "profile/vocabulary.hpp"
#include "rules/facts.hpp"

using namespace rappel;
using profile::label_of_name;
using profile::label_of_word;

namespace {

/// Words of the tables that a page never shows: no fact holds them.
bool is_shown(std::string_view field) {
  return field != "channel" && field != "channels" && field != "language" && field != "kind_of_day" &&
         field != "reading_level" && field != "consented_channels" && field != "needs" &&
         field != "preferences";
}

void check_both(std::string_view name, std::string_view fr, std::string_view en) {
  CAPTURE(std::string(name));
  CHECK_FALSE(fr.empty());
  CHECK_FALSE(en.empty());
}

void check_words(const profile::Shape& shape, std::string_view fact) {
  for (const auto& field : shape.fields) {
    if (!is_shown(field.name)) continue;
    for (const auto word : field.choices) {
      if (shape.name == "declaration.filed") {
        check_both(word, label_of_name(word, Language::fr), label_of_name(word, Language::en));
      } else {
        check_both(word, label_of_word(fact, word, Language::fr), label_of_word(fact, word, Language::en));
      }
    }
  }
}

}  // namespace

TEST_CASE("every fact that a rule may name has a label in both languages") {
  for (const auto& fact : rules::all_facts())
    check_both(fact.name, label_of_name(fact.name, Language::fr), label_of_name(fact.name, Language::en));
}

TEST_CASE("every life event and every word of a closed list has a label in both languages") {
  for (const auto& type : profile::event_types()) {
    if (type.life)
      check_both(type.name, label_of_name(type.name, Language::fr), label_of_name(type.name, Language::en));
    if (type.data != nullptr && !type.ours) check_words(*type.data, "event.kind");
  }
  check_words(profile::citizen_shape(), "activite");
}

TEST_CASE("a word that a person wrote is never put in other words") {
  CHECK(label_of_word("claim.label", "autre", Language::fr).empty());
  CHECK(label_of_word("child.given_name", "marie", Language::fr).empty());
  CHECK(label_of_word("request.documents", "passeport", Language::en).empty());
  CHECK(label_of_word("document.kind", "cni", Language::fr) == "carte d'identité");
  CHECK(label_of_word("event.type", "person.died", Language::en) == "death of somebody close");
}
