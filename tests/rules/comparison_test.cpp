// SPDX-License-Identifier: Apache-2.0
#include "rules/comparison.hpp"

#include <doctest/doctest.h>

using namespace rappel;
using namespace rappel::rules;

namespace {

PlannedDeadline deadline(const std::string& rule, const std::string& due) {
  PlannedDeadline made;
  made.rule = rule;
  made.version = 1;
  made.subject = "card";
  made.due_on = *parse_iso_date(due);
  made.explanation = {{"version", 1}, {"line", {{"fr", "a"}, {"en", "b"}}}};
  made.stages.push_back({"soon", *parse_iso_date("2027-01-10"), std::chrono::minutes{540}, "m"});
  return made;
}

Evaluation of(std::vector<PlannedDeadline> deadlines) {
  Evaluation made;
  made.deadlines = std::move(deadlines);
  return made;
}

/// "moves fr.a" of each difference.
std::vector<std::string> told(const Evaluation& before, const Evaluation& after) {
  std::vector<std::string> lines;
  for (const auto& each : compare(before, after))
    lines.push_back(std::string(to_string(each.change)) + " " + each.rule);
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("what appears and what disappears is told with its one side") {
  const auto differences =
      compare(of({deadline("fr.a", "2027-02-01")}), of({deadline("fr.b", "2027-02-01")}));
  REQUIRE(differences.size() == 2);
  CHECK(differences[0].change == Change::appears);
  CHECK_FALSE(differences[0].before);
  CHECK(differences[0].after->rule == "fr.b");
  CHECK(differences[1].change == Change::disappears);
  CHECK(differences[1].before->rule == "fr.a");
  CHECK_FALSE(differences[1].after);
}

TEST_CASE("each kind of change is told once by the gravest") {
  const auto before = deadline("fr.a", "2027-02-01");
  auto after = before;
  after.version = 2;
  after.explanation["version"] = 2;
  CHECK(told(of({before}), of({after})).empty());
  after.explanation["line"] = {{"fr", "other"}};
  CHECK(told(of({before}), of({after})) == Lines{"rewords fr.a"});
  after.stages[0].at = std::chrono::minutes{600};
  CHECK(told(of({before}), of({after})) == Lines{"reminds fr.a"});
  after.state = DeadlineState::met;
  CHECK(told(of({before}), of({after})) == Lines{"moves fr.a"});
}

TEST_CASE("another subject or turn is another deadline") {
  auto other = deadline("fr.a", "2027-02-01");
  other.subject = "passport";
  CHECK(told(of({deadline("fr.a", "2027-02-01")}), of({other})) ==
        Lines{"appears fr.a", "disappears fr.a"});
  auto turn = deadline("fr.a", "2027-02-01");
  turn.occurrence = "2028";
  CHECK(told(of({deadline("fr.a", "2027-02-01")}),
             of({deadline("fr.a", "2027-02-01"), turn})) == Lines{"appears fr.a"});
}
