// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "profile/vocabulary.hpp"
#include "rules/condition_words.hpp"
#include "rules/schema_parts.hpp"

namespace rappel::rules::schema {
namespace {

using Takes = words::ComparisonWord::Takes;

json::object life_event() {
  Names names, docs;
  for (const auto& type : profile::event_types()) {
    if (!type.life) continue;
    names.emplace_back(type.name);
    docs.emplace_back(type.doc);
  }
  return one_of_words(names, docs);
}

json::object declaration() {
  const auto kinds = choices_of_event("declaration.filed", "kind");
  return one_of_words({kinds.begin(), kinds.end()}, {});
}

/// What a fact may be compared with, by its type.
json::object value_of(Type type, const std::vector<std::string_view>& choices) {
  if (type == Type::date) return refer_to("date");
  if (type == Type::integer) return whole(-1'000'000'000, 1'000'000'000);
  if (type == Type::boolean) return truth();
  if (type == Type::departement) return refer_to("departement");
  return choices.empty() ? text() : one_of_words({choices.begin(), choices.end()}, {});
}

/// Whether a fact of this type may be compared so.
bool takes(Type type, const words::ComparisonWord& word) {
  const bool ordered = type == Type::date || type == Type::integer || type == Type::departement;
  if (word.comparison == Comparison::present) return true;
  if (type == Type::words) return word.comparison == Comparison::has;
  if (word.comparison == Comparison::has) return false;
  return ordered || word.comparison == Comparison::one_of;
}

json::object shaped(const words::ComparisonWord& word, const json::object& value) {
  switch (word.takes) {
    case Takes::one:
      return value;
    case Takes::many:
      return list_of(value);
    case Takes::two: {
      auto pair = list_of(value);
      pair["minItems"] = 2;
      pair["maxItems"] = 2;
      return pair;
    }
    case Takes::list:
      return any_of({value, list_of(value)});
    case Takes::mark:
      return truth();
  }
  return {};
}

json::object comparisons_of(Type type, const std::vector<std::string_view>& choices) {
  const auto value = value_of(type, choices);
  json::object properties;
  for (const auto& word : words::comparisons) {
    if (word.comparison == Comparison::present) continue;
    properties[word.name] =
        takes(type, word) ? json::value(shaped(word, value)) : json::value(false);
  }
  json::object schema;
  schema["properties"] = std::move(properties);
  return schema;
}

/// Facts of one type, and of one closed list of words if it has one, are compared alike.
struct FactsAlike {
  Type type;
  std::vector<std::string_view> choices;
  Names facts;
};

std::vector<FactsAlike> facts_compared_alike() {
  std::vector<FactsAlike> groups;
  for (const auto& fact : all_facts()) {
    const auto choices = fact.choices == nullptr ? std::vector<std::string_view>{} : fact.choices();
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const FactsAlike& group) {
      return group.type == fact.type && group.choices == choices;
    });
    auto& group =
        same == groups.end() ? groups.emplace_back(FactsAlike{fact.type, choices, {}}) : *same;
    group.facts.emplace_back(fact.name);
  }
  return groups;
}

/// By the fact that is named, what it may be compared with.
json::object comparisons() {
  json::array rules;
  for (const auto& group : facts_compared_alike()) {
    auto named = property("fact", one_of_words(group.facts, {}));
    named["required"] = array_of({"fact"});
    rules.emplace_back(when(std::move(named), comparisons_of(group.type, group.choices)));
  }
  rules.emplace_back(when(required({"age_of"}), comparisons_of(Type::integer, {})));
  json::object schema;
  schema["allOf"] = std::move(rules);
  return schema;
}

/// A text of its own, or one in everything below it.
json::object told() {
  json::array ways;
  ways.emplace_back(required({"text"}));
  for (const char* list : {"all", "any"}) {
    auto below = property(list, list_of(refer_to("told")));
    below["required"] = array_of({list});
    ways.emplace_back(std::move(below));
  }
  auto below = property("not", refer_to("told"));
  below["required"] = array_of({"not"});
  ways.emplace_back(std::move(below));
  json::object schema;
  schema["anyOf"] = std::move(ways);
  return schema;
}

json::object question(std::string_view name) {
  if (name == "all" || name == "any") return list_of_some(refer_to("condition"));
  if (name == "not") return refer_to("condition");
  if (name == "event") return refer_to("life_event");
  if (name == "filed") return declaration();
  return text();
}

json::object condition() {
  const auto compared = words::names_of(words::comparisons);
  Names with_at = compared;
  with_at.insert(with_at.end(), {"at", "text"});
  Names with_text = compared;
  with_text.emplace_back("text");
  Closed schema("What must be true: a comparison, or conditions joined by all, any and not.");
  schema.may("text", refer_to("sentence"), "says the condition in words, as the citizen reads it");
  for (const auto& word : words::conditions) schema.may(word.name, question(word.name), word.doc);
  for (const auto& word : words::comparisons)
    schema.may(word.name, word.takes == Takes::mark ? truth() : json::object{}, word.doc);
  schema.may("at", text(), "of age_of: the age on the date of this fact; today when left out")
      .may("within", refer_to("period"), "of event: at most so long ago")
      .may("since", text(), "of event and filed: not before the date of this fact")
      .rule(exactly_one(words::names_of(words::conditions)));
  for (const char* key : {"all", "any", "not"}) schema.rule(with_key(key, {}, {"text"}));
  return schema.rule(with_key("fact", {}, with_text))
      .rule(with_key("age_of", {}, with_at))
      .rule(with_key("event", {}, {"text", "within", "since"}))
      .rule(with_key("filed", {}, {"text", "since"}))
      .rule(when(any_of({required({"fact"}), required({"age_of"})}), exactly_one(compared)))
      .rule(refer_to("comparisons"))
      .take();
}

}  // namespace

void add_conditions(json::object& definitions) {
  definitions["condition"] = condition();
  definitions["comparisons"] = comparisons();
  definitions["told"] = told();
  definitions["life_event"] = life_event();
}

}  // namespace rappel::rules::schema
