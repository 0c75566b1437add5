// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.hpp"
#include "profile/vocabulary.hpp"
#include "rules/areas.hpp"
#include "rules/digest.hpp"
#include "rules/packs.hpp"
#include "rules/reading.hpp"
#include "rules/words.hpp"

namespace rappel::rules {
namespace {

Confidence confidence_of(const std::string& name) {
  if (name == "high") return Confidence::high;
  return name == "medium" ? Confidence::medium : Confidence::low;
}

void read_standing(YamlMap& root, Rule& rule) {
  rule.id = root.required_text("id");
  if (!root.has("version")) root.missing("version");
  rule.version = int(root.integer("version", 1, words::version_max).value_or(1));
  if (!root.has("status")) root.missing("status");
  rule.active = root.one_of("status", words::names_of(words::statuses)) == "active";
  if (!root.has("confidence")) root.missing("confidence");
  const auto confidence = root.one_of("confidence", words::names_of(words::confidences));
  rule.confidence = confidence_of(confidence.value_or("low"));
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
  if (!rule.topic.empty() && !profile::is_topic(rule.topic))
    root.wrong("topic", "not_a_topic", "must be a lower-case word such as identity",
               "letters a to z, digits and _, without quotes");
  if (!root.has("statutory")) root.missing("statutory");
  rule.statutory = root.boolean("statutory").value_or(false);
  if (!root.has("lane")) root.missing("lane");
  const auto lane = root.one_of("lane", words::names_of(words::lanes));
  rule.lane = parse_lane(lane.value_or("")).value_or(rule.lane);
  const auto misfire = root.one_of("misfire", words::names_of(words::misfires));
  rule.misfire = parse_misfire(misfire.value_or("")).value_or(rule.misfire);
  rule.consequence = read_text(root, "consequence", Need::optional);
}

/// https://www.legifrance.gouv.fr with nothing behind it: nobody finds the article there.
bool is_home_page(std::string_view url) {
  const auto host = url.find("://");
  const auto path = host == std::string_view::npos ? host : url.find('/', host + 3);
  return path == std::string_view::npos || path + 1 == url.size();
}

void read_legal(YamlMap& root, Rule& rule) {
  for (auto& item : root.maps("legal")) {
    LegalReference reference;
    reference.text = item.required_text("text");
    reference.url = item.required_text("url");
    if (!reference.url.empty() && !reference.url.starts_with("https://"))
      item.wrong("url", "not_a_url", "must start with https://");
    else if (rule.active && is_home_page(reference.url))
      item.wrong("url", "home_page", "is a whole site; an active rule names the page of its law",
                 "cite the article or the sheet, or leave the rule a draft");
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
    } else if (due->has("recurrence") || due->has("every")) {
      program.turns = read_turns(*due, reading);
    } else {
      program.due = read_derivation(*due, reading);
    }
    due->finish();
  }
  reading.dates_known = true;
  if (auto opens = root.map("opens_on")) {
    program.opens = read_derivation(*opens, reading);
    opens->finish();
  }
  if (!root.has("rollover")) root.missing("rollover");
  const auto rollover = root.one_of("rollover", words::names_of(words::rollovers));
  program.rollover = calendar::parse_rollover(rollover.value_or("")).value_or(program.rollover);
  program.milestone = root.one_of("nature", words::names_of(words::natures)) == "milestone";
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
  const auto scope = root.one_of("for_each", words::names_of(words::subjects));
  return parse_scope(scope.value_or("")).value_or(Scope::citizen);
}

std::vector<std::string> read_events(YamlMap& root, Scope scope) {
  if (scope != Scope::event) return {};
  if (!root.has("events")) root.missing("events");
  auto events = root.texts("events");
  std::vector<std::string> known;
  for (const auto& type : profile::event_types()) {
    if (type.life) known.emplace_back(type.name);
  }
  for (const auto& event : events) {
    if (std::find(known.begin(), known.end(), event) != known.end()) continue;
    const auto nearest = nearest_name(event, known);
    root.wrong("events", "unknown_life_event",
               fmt::format("\"{}\" is not a life event that we know", event),
               nearest.empty() ? "" : fmt::format("did you mean \"{}\"?", nearest));
  }
  return events;
}

/// The clock of CRPA L114-5 is the only one that we know: what stops it and what starts it again are
/// named all the same, so that the file says what happens.
void read_suspension(YamlMap& root, Program& program, Reading& reading) {
  if (!root.has("suspended_by")) {
    if (root.has("resumed_by"))
      root.wrong("resumed_by", "nothing_to_resume", "stands without \"suspended_by\"");
    return;
  }
  if (auto map = root.map("suspended_by")) {
    static_cast<void>(map->one_of("event", words::names_of(words::clock_stops)));
    if (!map->has("event")) map->missing("event");
    program.suspension = read_sentences(*map, "text", Need::required, reading);
    map->finish();
  }
  const auto starts = words::names_of(words::clock_starts);
  for (const auto& name : root.texts("resumed_by")) {
    if (std::find(starts.begin(), starts.end(), name) == starts.end())
      root.wrong("resumed_by", "unknown_value", fmt::format("\"{}\" starts no clock again", name),
                 fmt::format("write [{}]", fmt::join(starts, ", ")));
  }
  if (!root.has("resumed_by")) root.missing("resumed_by");
  if (program.scope != Scope::claim)
    root.wrong("suspended_by", "fact_of_another_subject", "stops the clock of a claim only",
               "write for_each: claim");
}

std::vector<NextStep> read_next_steps(YamlMap& root, Reading& reading) {
  std::vector<NextStep> steps;
  for (auto& item : root.maps("next_steps")) {
    NextStep step;
    step.state = item.required_text("state");
    step.when = read_condition(item, "when", reading);
    step.text = read_sentences(item, "text", Need::required, reading);
    item.finish();
    steps.push_back(std::move(step));
  }
  return steps;
}

void read_relations(YamlMap& root, Rule& rule) {
  rule.packs = root.texts("packs");
  for (const auto& pack : rule.packs) {
    const auto names = pack_names();
    if (std::find(names.begin(), names.end(), pack) != names.end()) continue;
    const auto nearest = nearest_name(pack, {names.begin(), names.end()});
    root.wrong("packs", "unknown_pack", fmt::format("\"{}\" is not a pack", pack),
               nearest.empty() ? fmt::format("one of {}", fmt::join(names, ", "))
                               : fmt::format("did you mean \"{}\"?", nearest));
  }
  rule.supersedes = root.texts("supersedes");
  const auto cap = root.one_of("cap_class", words::names_of(words::cap_classes));
  if (cap == "statutory") rule.cap_class = CapClass::statutory;
  if (cap == "advice") rule.cap_class = CapClass::advice;
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
  program->events = read_events(root, program->scope);
  read_suspension(root, *program, reading);
  program->next_steps = read_next_steps(root, reading);
  read_relations(root, rule);
  program->grace = read_period(root, "grace").value_or(program->grace);
  program->stages = read_stages(root, reading);
  read_values(root, *program, rule, reading);
  program->line = read_sentences(root, "line", Need::required, reading);
  program->examples = read_examples(root, reading);
  root.finish();
  rule.areas = areas_of(*program);
  rule.messages = message_names(program->stages);
  rule.path = file.path;
  rule.text = file.text;
  rule.hash = hash_of(file.text);
  rule.program = std::move(program);
  return rule;
}

}  // namespace rappel::rules
