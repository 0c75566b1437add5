// SPDX-License-Identifier: Apache-2.0
#include "message/phrase.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "message/sample.hpp"

using namespace rappel;
using namespace rappel::message;

namespace {

Phrase compiled(const std::string& pattern, Language language = Language::fr) {
  std::vector<Problem> problems;
  auto phrase = Phrase::compile(pattern, language, SourcePosition::of_file("p"), problems);
  REQUIRE_MESSAGE(problems.empty(), test::where_and_detail(problems));
  return phrase;
}

std::string fault(const std::string& pattern) {
  std::vector<Problem> problems;
  Phrase::compile(pattern, Language::fr, SourcePosition::of_file("p"), problems);
  return test::where_and_detail(problems);
}

const char* const documents =
    "{n, plural, one {# document manque} many {# de documents manquent} other {# documents "
    "manquent}}";

}  // namespace

TEST_CASE("French takes zero and one for singular and a million for a noun") {
  const auto phrase = compiled(documents);
  CHECK(phrase.format({{"n", std::int64_t{0}}}) == "0 document manque");
  CHECK(phrase.format({{"n", std::int64_t{1}}}) == "1 document manque");
  CHECK(phrase.format({{"n", std::int64_t{2}}}) == "2 documents manquent");
  CHECK(phrase.format({{"n", std::int64_t{1000000}}}) ==
        "1\u202F000\u202F000 de documents manquent");
}

TEST_CASE("English takes zero for plural") {
  const auto phrase = compiled("{n, plural, one {# document} other {# documents}}", Language::en);
  CHECK(phrase.format({{"n", std::int64_t{0}}}) == "0 documents");
  CHECK(phrase.format({{"n", std::int64_t{1}}}) == "1 document");
}

TEST_CASE("a select takes texts and flags and dates are words of ours") {
  const auto phrase =
      compiled("{yes, select, true {oui} other {non}} {kind, select, a {A} other {?}} {on} {sum}");
  CHECK(phrase.format({{"yes", true},
                       {"kind", std::string("a")},
                       {"on", test::date("2026-01-01")},
                       {"sum", Cents{100}}}) == "oui A jeudi 1er janvier 2026 1,00\u00A0€");
}

TEST_CASE("a value with braces is not read as a pattern") {
  CHECK(compiled("{name}").format({{"name", std::string("{n, plural, other {x}} '{'")}}) ==
        "{n, plural, other {x}} '{'");
}

TEST_CASE("the straight apostrophe that ICU would swallow is refused where it stands") {
  CHECK(fault("demande d'{name}").find("p:1:10: this phrase holds a straight apostrophe") == 0);
}

TEST_CASE("patterns that ICU cannot read are refused with their place") {
  CHECK(fault("é {n, plural, one {x}}").find("without the branch \"other\"") != std::string::npos);
  CHECK(fault("{n").find("p:1:") == 0);
}

TEST_CASE("dates and numbers by ICU and numbered arguments are refused") {
  CHECK(fault("{d, date}").find("p:1:2: this phrase lets ICU write") == 0);
  CHECK(fault("{n, number}") != "");
  CHECK(fault("{n, choice, 0#a|1#b}") != "");
  CHECK(fault("{0}").find("numbered argument") != std::string::npos);
}

TEST_CASE("threads format one phrase at the same time") {
  const auto phrase = compiled(documents);
  std::vector<std::string> results(4);
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < results.size(); ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 200; ++i) results[t] = phrase.format({{"n", std::int64_t(t)}});
      });
  }
  CHECK(results[0] == "0 document manque");
  CHECK(results[3] == "3 documents manquent");
}
