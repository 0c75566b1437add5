// SPDX-License-Identifier: Apache-2.0
#include "api/negotiation.hpp"

#include <doctest/doctest.h>

using rappel::api::preferred_offer;

namespace {

constexpr std::string_view languages[] = {"fr", "en"};
constexpr std::string_view forms[] = {"text/html", "text/plain"};

std::string_view language(const std::string& header) { return languages[preferred_offer(&header, languages)]; }
std::string_view form(const std::string& header) { return forms[preferred_offer(&header, forms)]; }

}  // namespace

TEST_CASE("the language of the highest quality is taken whatever its case and country") {
  CHECK(language("en") == "en");
  CHECK(language("EN-gb") == "en");
  CHECK(language("fr;q=0.3, en;q=0.8") == "en");
  CHECK(language("en;q=0.3, fr-FR ; q=0.8") == "fr");
  CHECK(language("de, en;q=0.5") == "en");
  CHECK(language("en, fr") == "en");
  CHECK(language("*, fr;q=0") == "en");
}

TEST_CASE("what accepts none of the offers gets the first") {
  CHECK(preferred_offer(nullptr, languages) == 0);
  CHECK(language("") == "fr");
  CHECK(language("de") == "fr");
  CHECK(language("en;q=0") == "fr");
  CHECK(language("en;q=2") == "fr");
  CHECK(language("english") == "fr");
}

TEST_CASE("a named media type comes before a range of them") {
  CHECK(form("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8") == "text/html");
  CHECK(form("text/*;q=0.5, text/plain") == "text/plain");
  CHECK(form("text/plain;q=0.1, */*") == "text/html");
  CHECK(form("Text/Plain") == "text/plain");
  CHECK(form("*/*") == "text/html");
  CHECK(form("application/json") == "text/html");
}
