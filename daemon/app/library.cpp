// SPDX-License-Identifier: Apache-2.0
#include "app/library.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.hpp"
#include "message/standard_values.hpp"
#include "profile/place.hpp"

namespace rappel::app {
namespace {

void move_into(std::vector<Problem>& problems, std::vector<Problem> found) {
  std::move(found.begin(), found.end(), std::back_inserter(problems));
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Problem fault(const rules::Rule& rule, std::string code, std::string detail, std::string mend) {
  return {ProblemKind::invalid, std::move(code), std::move(detail), rule.path, std::move(mend)};
}

/// What a rule gives must be what its messages ask for.
void check_message(const rules::Rule& rule, const message::Template& message,
                   std::vector<Problem>& problems) {
  for (const auto& placeholder : message.placeholders) {
    if (!placeholder.required || contains(rule.values, placeholder.name)) continue;
    if (message::find_standard_value(placeholder.name) != nullptr) continue;
    problems.push_back(fault(
        rule, "missing_value",
        fmt::format("does not give the value \"{}\" that its message \"{}\" ({}) needs",
                    placeholder.name, message.name, to_string(message.language)),
        "add it to the rule's values"));
  }
  for (const auto& value : rule.values) {
    if (message.placeholder(value) == nullptr)
      problems.push_back(fault(rule, "unknown_value",
                               fmt::format("gives the value \"{}\" that its message \"{}\" ({}) "
                                           "does not know",
                                           value, message.name, to_string(message.language)),
                               "declare it in the message or take it out of the rule"));
  }
}

void check_messages(const rules::RuleBook& book, const message::Catalogue& messages,
                    std::vector<Problem>& problems) {
  for (const auto& rule : book.rules()) {
    for (const auto& name : rule.messages) {
      if (messages.find(name, Language::fr) == nullptr) {
        const auto nearest = nearest_name(name, messages.names());
        problems.push_back(fault(rule, "unknown_template",
                                 fmt::format("uses the message \"{}\", which does not exist", name),
                                 nearest.empty() ? "" : "did you mean \"" + nearest + "\"?"));
        continue;
      }
      for (const auto language : {Language::fr, Language::en})
        check_message(rule, *messages.find(name, language), problems);
    }
  }
}

}  // namespace

Checked<Library> load_library(const Config& config) {
  return load_library(config.templates_directory, config.rules.customary_holidays
                                                      ? calendar::Custom::counted
                                                      : calendar::Custom::left_out);
}

Checked<Library> load_library(const std::string& templates_directory, calendar::Custom custom) {
  std::vector<Problem> problems;
  if (auto zones = profile::check_zones(); !zones) problems.push_back(zones.error());
  auto rules = rules::RuleBook::load(templates_directory, custom);
  if (!rules) move_into(problems, std::move(rules.error()));
  auto messages = message::Catalogue::load(templates_directory + "/messages");
  if (!messages) move_into(problems, std::move(messages.error()));
  if (rules && messages) check_messages(*rules, *messages, problems);
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  return Library{std::make_shared<const rules::RuleBook>(std::move(*rules)),
                 std::make_shared<const message::Catalogue>(std::move(*messages))};
}

void record_versions(store::Store& store, const Library& library, Instant now) {
  for (const auto* message : library.messages->all()) {
    store.record_template(message->name, to_string(message->language), message->hash,
                          message->source, now);
  }
  for (const auto& rule : library.rules->rules())
    store.record_rule(rule.id, rule.version, rule.hash, rule.text, now);
}

}  // namespace rappel::app
