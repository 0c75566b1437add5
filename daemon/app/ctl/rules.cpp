// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>

#include "app/ctl/options.hpp"
#include "app/ctl/rules_diff.hpp"
#include "app/ctl/templates.hpp"
#include "app/vocabulary_page.hpp"
#include "rules/explanation.hpp"
#include "rules/packs.hpp"
#include "rules/schema.hpp"

namespace rappel::app::ctl {
namespace {

namespace json = boost::json;

/// Below this a rule's borders cannot all have been looked at.
constexpr std::size_t examples_min = 5;

Library load(const Call& call, const Options& options) {
  return need_library(call.config, options.find("templates").value_or(call.config.templates_directory));
}

bool asked_for(const rules::Rule& rule, const std::vector<std::string>& wanted) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), rule.id) != wanted.end();
}

/// What is wrong with one rule's examples, a line each.
std::vector<std::string> faults_of(const rules::RuleBook& book, const rules::Rule& rule,
                                   std::size_t& count) {
  std::vector<std::string> faults;
  const auto results = book.run_examples(rule);
  count = results.size();
  for (const auto& result : results) {
    for (const auto& difference : result.differences)
      faults.push_back(fmt::format("{}: {}", result.name, difference));
  }
  if (results.size() < examples_min)
    faults.push_back(fmt::format("has {} examples; {} are needed", results.size(), examples_min));
  return faults;
}

std::vector<std::string> ids_of(const rules::RuleBook& book) {
  std::vector<std::string> ids;
  for (const auto& rule : book.rules()) ids.push_back(rule.id);
  return ids;
}

std::vector<std::string> pack_names() {
  std::vector<std::string> names;
  for (const auto& pack : rules::packs()) names.emplace_back(pack.name);
  return names;
}

int test(const Call& call, const Options& options) {
  const auto book = load(call, options).rules;
  const std::vector<std::string> wanted(options.rest().begin() + 1, options.rest().end());
  for (const auto& id : wanted) {
    if (book->find(id) == nullptr) known_word(id, ids_of(*book));
  }
  std::size_t rules = 0;
  std::size_t failed = 0;
  std::size_t examples = 0;
  json::array list;
  for (const auto& rule : book->rules()) {
    if (!asked_for(rule, wanted)) continue;
    std::size_t count = 0;
    const auto faults = faults_of(*book, rule, count);
    ++rules;
    examples += count;
    failed += faults.empty() ? 0 : 1;
    list.push_back({{"rule", rule.id},
                    {"version", rule.version},
                    {"examples", count},
                    {"faults", json::array(faults.begin(), faults.end())}});
    if (call.json) continue;
    fmt::print("{:<4}  {:<52} v{} {:>3} examples{}\n", faults.empty() ? "ok" : "FAIL", rule.id,
               rule.version, count, rule.active ? "" : "  (draft)");
    for (const auto& fault : faults) fmt::print("      {}\n", fault);
  }
  if (call.json)
    fmt::print("{}\n", json::serialize(list));
  else
    fmt::print("\n{} rules, {} examples, {} failed\n", rules, examples, failed);
  return failed == 0 ? 0 : 1;
}

int list(const Call& call, const Options& options) {
  const auto pack = options.one_of("pack", pack_names());
  const auto book = load(call, options).rules;
  json::array all;
  for (const auto& rule : book->rules()) {
    const auto& packs = rule.packs;
    if (pack && std::find(packs.begin(), packs.end(), *pack) == packs.end()) continue;
    const std::string status = rule.active ? "active" : "draft";
    if (!call.json) {
      fmt::print("{:<52} v{} {:<6} {:<6} {}\n", rule.id, rule.version, status,
                 rules::to_string(rule.confidence), rule.title.fr);
      continue;
    }
    all.push_back({{"rule", rule.id},
                   {"version", rule.version},
                   {"status", status},
                   {"confidence", rules::to_string(rule.confidence)},
                   {"packs", json::array(packs.begin(), packs.end())},
                   {"title", {{"fr", rule.title.fr}, {"en", rule.title.en}}}});
  }
  if (call.json) fmt::print("{}\n", json::serialize(all));
  return 0;
}

int schema(const Options& options) {
  const std::string of = options.rest().size() < 2
                             ? "rule"
                             : known_word(options.rest()[1], {"rule", "campaign", "holidays"});
  fmt::print("{}", of == "rule"       ? rules::rule_schema()
                   : of == "campaign" ? rules::campaign_schema()
                                      : rules::holidays_schema());
  return 0;
}

}  // namespace

int rules(const Call& call) {
  const Options options(call.words, {"templates", "pack", "tenant", "citizens", "samples"});
  const auto what = action_of(options, {"test", "list", "diff", "vocabulary", "schema"});
  if (what == "test") return test(call, options);
  if (what == "list") return list(call, options);
  if (what == "diff") return rules_diff(call, options);
  if (what == "vocabulary") {
    fmt::print("{}", vocabulary_page());
    return 0;
  }
  return schema(options);
}

}  // namespace rappel::app::ctl
