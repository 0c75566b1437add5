// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sodium.h>

#include <algorithm>
#include <array>

#include "base/nearest.hpp"
#include "rules/reading.hpp"

namespace rappel::rules {
namespace {

constexpr int version_max = 100'000;

std::string hash_of(const std::string& text) {
  std::array<unsigned char, 32> digest{};
  crypto_generichash(digest.data(), digest.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

Confidence confidence_of(const std::string& name) {
  if (name == "high") return Confidence::high;
  return name == "medium" ? Confidence::medium : Confidence::low;
}

void read_standing(YamlMap& root, Rule& rule) {
  rule.id = root.required_text("id");
  if (!root.has("version")) root.missing("version");
  rule.version = int(root.integer("version", 1, version_max).value_or(1));
  if (!root.has("status")) root.missing("status");
  rule.active = root.one_of("status", {"active", "draft"}) == "active";
  if (!root.has("confidence")) root.missing("confidence");
  rule.confidence =
      confidence_of(root.one_of("confidence", {"high", "medium", "low"}).value_or("low"));
  if (rule.active && rule.confidence == Confidence::low)
    root.wrong("status", "unread_law", "a rule whose confidence is low cannot be active",
               "leave it a draft until a person has checked its sources");
  rule.valid_from = root.date("valid_from");
  rule.valid_to = root.date("valid_to");
  if (rule.valid_from && rule.valid_to && *rule.valid_to < *rule.valid_from)
    root.wrong("valid_to", "wrong_range", "lies before valid_from");
}

void read_manner(YamlMap& root, Rule& rule) {
  rule.title = read_text(root, "title", Need::required);
  rule.topic = root.required_text("topic");
  if (!root.has("statutory")) root.missing("statutory");
  rule.statutory = root.boolean("statutory").value_or(false);
  if (!root.has("lane")) root.missing("lane");
  const auto lane = root.one_of("lane", {"legal_deadline", "transactional", "advice"});
  rule.lane = parse_lane(lane.value_or("")).value_or(rule.lane);
  const auto misfire = root.one_of("misfire", {"fire_now", "skip"});
  rule.misfire = parse_misfire(misfire.value_or("")).value_or(rule.misfire);
  rule.consequence = read_text(root, "consequence", Need::optional);
}

void read_legal(YamlMap& root, Rule& rule) {
  for (auto& item : root.maps("legal")) {
    LegalReference reference;
    reference.text = item.required_text("text");
    reference.url = item.required_text("url");
    if (!reference.url.empty() && !reference.url.starts_with("https://"))
      item.wrong("url", "not_a_url", "must start with https://");
    reference.version_date = item.date("version_date");
    item.finish();
    rule.legal.push_back(std::move(reference));
  }
  if (rule.legal.empty() && !root.has("legal"))
    root.missing("legal");
  else if (rule.legal.empty())
    root.wrong("legal", "empty_list", "names no source of law");
}

void read_due(YamlMap& root, Program& program, Reading& reading) {
  if (!root.has("due")) root.missing("due");
  if (auto due = root.map("due")) {
    if (due->has("campaign")) {
      program.campaign = read_campaign_use(*due, reading);
      if (program.scope != Scope::citizen)
        due->wrong("campaign", "campaign_subject", "a campaign is for_each: citizen");
    } else {
      program.due = read_derivation(*due, reading);
    }
    due->finish();
  }
  if (auto opens = root.map("opens_on")) {
    program.opens = read_derivation(*opens, reading);
    opens->finish();
  }
  if (!root.has("rollover")) root.missing("rollover");
  const auto rollover =
      root.one_of("rollover", {"none", "next_working_day", "previous_working_day", "as_published"});
  program.rollover = calendar::parse_rollover(rollover.value_or("")).value_or(program.rollover);
}

void read_values(YamlMap& root, Program& program, Rule& rule, Reading& reading) {
  auto map = root.map("values");
  if (!map) return;
  for (const auto& name : map->keys()) {
    if (const Fact* fact = read_fact(*map, name, std::nullopt, reading))
      program.values.push_back({name, fact});
    rule.values.push_back(name);
  }
}

std::vector<std::string> message_names(const std::vector<Stage>& stages) {
  std::vector<std::string> names;
  for (const auto& stage : stages) {
    if (std::find(names.begin(), names.end(), stage.message) == names.end())
      names.push_back(stage.message);
  }
  return names;
}

Scope read_scope(YamlMap& root) {
  if (!root.has("for_each")) root.missing("for_each");
  const auto scope = root.one_of("for_each", {"citizen", "document", "child", "document_request"});
  return parse_scope(scope.value_or("")).value_or(Scope::citizen);
}

}  // namespace

Rule read_rule(const YamlFile& file, const FindCampaign& campaigns,
               const std::vector<std::string>& campaign_names, std::vector<Problem>& problems) {
  Rule rule;
  auto program = std::make_shared<Program>();
  YamlMap root(file, file.root, problems);
  program->scope = read_scope(root);
  Reading reading{file, problems, program->scope, campaigns, campaign_names};
  read_standing(root, rule);
  read_manner(root, rule);
  read_legal(root, rule);
  program->legal_short =
      root.text("legal_short").value_or(rule.legal.empty() ? "" : rule.legal.front().text);
  if (!root.has("when")) root.missing("when");
  program->when = read_condition(root, "when", reading);
  read_due(root, *program, reading);
  program->satisfied = read_condition(root, "satisfied_by", reading);
  program->grace = read_period(root, "grace").value_or(program->grace);
  program->stages = read_stages(root, reading);
  read_values(root, *program, rule, reading);
  program->line = read_sentences(root, "line", Need::required, reading);
  program->examples = read_examples(root, reading);
  root.finish();
  rule.messages = message_names(program->stages);
  rule.path = file.path;
  rule.text = file.text;
  rule.hash = hash_of(file.text);
  rule.program = std::move(program);
  return rule;
}

}  // namespace rappel::rules
