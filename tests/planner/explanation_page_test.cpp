// SPDX-License-Identifier: Apache-2.0
#include "message/explanation_page.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "planner/plan.hpp"
#include "rules/books.hpp"

using namespace rappel;

namespace {

const message::HumanHelp human{"Mme Diallo", "02 99 00 00 00"};

Deadline deadline_of(const std::vector<std::pair<std::string, std::string>>& events,
                     const std::string& rule) {
  const auto today = test::day("2026-11-26");
  const auto evaluation = test::shipped_book().evaluate(test::profile_of(events), today);
  const auto zone = *calendar::Zone::find("Europe/Paris");
  const auto plan = planner::make_plan(evaluation, {}, CitizenId::random(Shard{1}), zone,
                                       calendar::to_instant(today, std::chrono::hours{9}, zone));
  const auto found = std::find_if(plan.deadlines.begin(), plan.deadlines.end(),
                                  [&](const Deadline& each) { return each.rule == rule; });
  REQUIRE(found != plan.deadlines.end());
  return *found;
}

Deadline missing_documents(const std::string& label) {
  return deadline_of({{"document.requested", R"({"claim":"b1","label":")" + label +
                                                 R"(","documents":["RIB"],"due_on":"2026-12-13",)"
                                                 R"("received_on":"2026-11-20"})"}},
                     "fr.procedure.dossier_incomplet");
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("a page says when and why and how and by which law in the language asked for") {
  const auto deadline = missing_documents("bourse");
  const auto french = message::explanation_text(deadline, Language::fr, human);
  CHECK(has(french, "Date limite : lundi 14 décembre 2026."));
  CHECK(has(french, "Le 13 décembre 2026 n'est pas un jour ouvré"));
  CHECK(has(french, "agissez au plus tard le vendredi 11 décembre 2026"));
  CHECK(has(french, "article L114-5"));
  CHECK(has(french, "Est-ce sûr ?"));
  CHECK(has(french, "Appelez Mme Diallo au 02 99 00 00 00."));
  CHECK(has(french, "fr.procedure.dossier_incomplet, version 1"));
  const auto english = message::explanation_text(deadline, Language::en, human);
  CHECK(has(english, "Deadline: Monday 14 December 2026."));
  CHECK_FALSE(has(english, "jour ouvré"));
  CHECK_FALSE(has(message::explanation_text(deadline, Language::fr, {}), "Qui peut vous aider"));
}

TEST_CASE("what people wrote cannot become markup nor a line of its own") {
  const auto page = message::explanation_html(
      missing_documents(R"(<script>alert(1)</script> & \"deux\")"), Language::fr, human);
  CHECK_FALSE(has(page, "<script"));
  CHECK(has(page, "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;deux&quot;"));
  auto deadline = missing_documents("bourse");
  deadline.explanation["legal"] = {{{"text", "Une loi\nsur deux lignes"}, {"url", "javascript:alert(1)"}}};
  const auto bad_link = message::explanation_html(deadline, Language::fr, human);
  CHECK_FALSE(has(bad_link, "href=\"javascript:"));
  CHECK(has(bad_link, "Une loi sur deux lignes"));
}

TEST_CASE("a page has a language and one title and a heading for each part") {
  const auto page = message::explanation_html(missing_documents("bourse"), Language::en, human);
  CHECK(has(page, "<html lang=\"en\">"));
  CHECK(count(page, "<h1>") == 1);
  CHECK(count(page, "<h2>") >= 5);
  CHECK(has(page, "<ol>"));
  CHECK(has(page, "<span lang=\"fr\">"));  // the law has a French name
  for (const char* active : {"<script", "<style", "<link", "<img", " style=", " src=", " onclick="})
    CHECK_FALSE(has(page, active));
}

TEST_CASE("of a deadline without an explanation its dates and its rule remain") {
  auto deadline = missing_documents("bourse");
  deadline.explanation = {};
  const auto page = message::explanation_text(deadline, Language::fr, human);
  CHECK(has(page, "lundi 14 décembre 2026"));
  CHECK(has(page, "fr.procedure.dossier_incomplet"));
}
