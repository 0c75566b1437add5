// SPDX-License-Identifier: Apache-2.0
// The published schemas are those of the code, and name the keys that the readers ask for: what the
// readers say they know is compared, object by object. tests/rules/schema_test.py holds the schemas
// against files.
#include "rules/schema.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>
#include <set>

#include "rules/condition_words.hpp"
#include "rules/reading.hpp"

using namespace rappel;
using namespace rappel::rules;

namespace {

std::string kept(const std::string& kind) {
  std::ifstream stream(RAPPEL_SOURCE_DIR "/docs/" + kind + ".schema.json");
  return {std::istreambuf_iterator<char>(stream), {}};
}

using Keys = std::set<std::string>;

/// A key that nothing resembles: the reader answers with those that it knows.
const std::string unheard = "qqqqqqqqqqqq: 1";
const std::string t = "text: {fr: a, en: b}";

/// The keys that the readers know where `unheard` stands in one of these rules.
Keys known_to_readers(const std::vector<std::string>& rules) {
  const FindCampaign no_campaign = [](std::string_view) { return nullptr; };
  Keys keys;
  for (const auto& rule : rules) {
    std::vector<Problem> problems;
    read_rule(parse_yaml("rule.yaml", rule, problems), no_campaign, {}, problems);
    for (const auto& problem : problems) {
      if (problem.code != "unknown_key" || !problem.mend.starts_with("known: ")) continue;
      std::string_view list = std::string_view(problem.mend).substr(7);
      while (!list.empty()) {
        const auto comma = std::min(list.find(", "), list.size());
        keys.emplace(list.substr(0, comma));
        list.remove_prefix(std::min(list.size(), comma + 2));
      }
    }
  }
  return keys;
}

Keys keys_of(const boost::json::value& object) {
  Keys keys;
  for (const auto& member : object.at("properties").as_object()) keys.emplace(member.key());
  return keys;
}

/// The keys of one definition of the schema; of the whole rule without a name.
Keys published(const std::string& definition) {
  const auto schema = boost::json::parse(rule_schema());
  return keys_of(definition.empty() ? schema : schema.at("$defs").at(definition));
}

/// A rule's part written in each of these ways, `unheard` beside it.
std::vector<std::string> each(const std::string& form, const std::vector<std::string>& ways) {
  std::vector<std::string> rules;
  for (const auto& way : ways)
    rules.push_back(fmt::format(fmt::runtime(form), way + ", " + unheard));
  return rules;
}

template <typename Words>
void check_same_order(const Words& list, const auto& parse) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    CAPTURE(list[i].name);
    REQUIRE(parse(list[i].name).has_value());
    CHECK(std::size_t(*parse(list[i].name)) == i);
  }
}

}  // namespace

TEST_CASE("the published schemas are what the code says") {
  CHECK_MESSAGE(kept("rule") == rule_schema(),
                "rappelctl rules schema > docs/rule.schema.json writes it anew");
  CHECK_MESSAGE(kept("campaign") == campaign_schema(),
                "rappelctl rules schema campaign > docs/campaign.schema.json writes it anew");
  CHECK_MESSAGE(kept("holidays") == holidays_schema(),
                "rappelctl rules schema holidays > docs/holidays.schema.json writes it anew");
}

TEST_CASE("the words of the language are those that the code has a meaning for") {
  check_same_order(words::lanes, parse_lane);
  check_same_order(words::misfires, parse_misfire);
  check_same_order(words::subjects, parse_scope);
  check_same_order(words::rollovers, calendar::parse_rollover);
  check_same_order(words::methods, calendar::parse_month_rule);
  check_same_order(words::worked_days, calendar::parse_worked_day);
  check_same_order(words::example_states, parse_deadline_state);
}

TEST_CASE("the schema of a rule has the keys that its reader asks for") {
  const auto rules = std::vector<std::string>{unheard, "for_each: event\n" + unheard,
                                              "suspended_by: {}\n" + unheard};
  CHECK(known_to_readers(rules) == published(""));
}

TEST_CASE("the schema of a condition has the keys that its reader asks for") {
  const auto rules =
      each("when: {{{}}}",
           {"all: []", "any: []", "not: {fact: activite, present: true}", "fact: activite",
            "age_of: birthdate, at: today", "event: child.born", "filed: income_tax"});
  CHECK(known_to_readers(rules) == published("condition"));
}

TEST_CASE("the schema of a step has the keys that its reader asks for") {
  std::vector<std::string> ways;
  for (const auto& word : words::steps) ways.push_back(fmt::format("{}: 1", word.name));
  CHECK(known_to_readers(each("due: {{steps: [{{{}}}]}}", ways)) == published("step"));
}

TEST_CASE("the schema of a limit has the keys that its reader asks for") {
  const auto rules = each("due: {{{}}}", {"campaign: x", "recurrence: FREQ=YEARLY", "every: P1Y",
                                          "cases: []", "from: today"});
  CHECK(known_to_readers(rules) == published("due"));
  CHECK(known_to_readers(each("opens_on: {{{}}}", {"cases: []", "from: today"})) ==
        published("derivation"));
  CHECK(known_to_readers(each("due: {{cases: [{{{}}}]}}", {"from: today"})) == published("case"));
}

TEST_CASE("the schema of what is told has the keys that its reader asks for") {
  CHECK(known_to_readers(each("reminders: {{{}}}", {"at: \"09:00\""})) == published("reminders"));
  CHECK(known_to_readers(each("reminders: {{stages: [{{{}}}]}}",
                              {"offset: P0D", "halfway_since: today"})) == published("stage"));
  CHECK(known_to_readers(each("next_steps: [{{{}}}]", {t})) == published("next_step"));
  CHECK(known_to_readers(each("line: {{{}}}", {"fr: a"})) == published("sentence"));
  CHECK(known_to_readers(each("title: {{{}}}", {"fr: a"})) == published("text"));
  const auto schema = boost::json::parse(rule_schema());
  const auto& properties = schema.at("properties");
  CHECK(known_to_readers(each("legal: [{{{}}}]", {"text: a"})) ==
        keys_of(properties.at("legal").at("items")));
  CHECK(known_to_readers(each("suspended_by: {{{}}}", {t})) ==
        keys_of(properties.at("suspended_by")));
}

TEST_CASE("the schema of an example has the keys that its reader asks for") {
  CHECK(known_to_readers(each("examples: [{{{}}}]", {"name: a"})) == published("example"));
  CHECK(known_to_readers(each("examples: [{{given: [{{{}}}]}}]", {"type: child.born"})) ==
        published("event"));
  CHECK(known_to_readers(each("examples: [{{expect: [{{{}}}]}}]", {"state: open"})) ==
        published("expectation"));
}
