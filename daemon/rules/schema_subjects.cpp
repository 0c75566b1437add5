// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "rules/schema_parts.hpp"

// A rule may name the facts of the citizen and those of its subject. What its dates give (due_on,
// safe_on, …) is known later: in satisfied_by and in what is told, not in what decides the dates.

namespace rappel::rules::schema {
namespace {

enum class Wanted { any_fact, date };

json::object facts_where(const auto& holds) {
  Names names, docs;
  for (const auto& fact : all_facts()) {
    if (!holds(fact)) continue;
    names.emplace_back(fact.name);
    docs.emplace_back(fact.doc.empty() ? to_string(fact.type) : fact.doc);
  }
  return one_of_words(names, docs);
}

constexpr std::array wanted_names{std::pair{Wanted::any_fact, "fact"},
                                  std::pair{Wanted::date, "date"}};

bool is_wanted(const Fact& fact, Wanted wanted) {
  return wanted == Wanted::any_fact || fact.type == Type::date;
}

/// "fact_of_its_child": the facts that a subject has and the citizen has not.
void add_own_facts(json::object& definitions, Scope scope) {
  for (const auto& [wanted, name] : wanted_names) {
    const auto own = [&, kind = wanted](const Fact& fact) {
      return is_wanted(fact, kind) && !fact.derived && is_in_scope(fact, scope) &&
             (scope == Scope::citizen || fact.scope != Scope::citizen);
    };
    definitions[fmt::format("{}_of_its_{}", name, to_string(scope))] = facts_where(own);
  }
}

void add_derived_facts(json::object& definitions) {
  for (const auto& [wanted, name] : wanted_names) {
    const auto derived = [kind = wanted](const Fact& fact) {
      return is_wanted(fact, kind) && fact.derived;
    };
    definitions[fmt::format("{}_known_later", name)] = facts_where(derived);
  }
}

/// "fact_of_child" and "fact_of_child_later": what a rule of this subject may name.
void add_facts(json::object& definitions, Scope scope) {
  for (const auto& [wanted, name] : wanted_names) {
    std::vector<json::object> ways{refer_to(fmt::format("{}_of_its_citizen", name))};
    if (scope != Scope::citizen)
      ways.push_back(refer_to(fmt::format("{}_of_its_{}", name, to_string(scope))));
    definitions[fmt::format("{}_of_{}", name, to_string(scope))] = any_of(ways);
    ways.push_back(refer_to(fmt::format("{}_known_later", name)));
    definitions[fmt::format("{}_of_{}_later", name, to_string(scope))] = any_of(ways);
  }
}

/// "phrase_of_child": a text whose braces hold facts that this subject has.
json::object phrase_of(Scope scope) {
  std::string names;
  for (const auto& fact : fact_names(scope)) {
    if (!names.empty()) names += '|';
    for (const char c : fact) names += c == '.' ? std::string("\\.") : std::string(1, c);
  }
  return pattern(fmt::format("^([^{{]|\\{{({})\\}})*$", names),
                 fmt::format("between braces stands a fact of each {}: see docs/VOCABULARY.md",
                             to_string(scope)));
}

/// What stands for one subject, before or after its dates are known.
struct Place {
  std::string subject;
  std::string later;  ///< "" or "_later"
  [[nodiscard]] json::object refer(std::string_view what) const {
    return refer_to(fmt::format("{}_of_{}{}", what, subject, later));
  }
  [[nodiscard]] json::object sentence() const {
    return refer_to(fmt::format("sentence_of_{}", subject));
  }
  [[nodiscard]] json::object steps() const {
    json::object schema;
    schema["items"] = refer_to(fmt::format("step_of_{}", subject));
    return schema;
  }
};

json::object with_properties(std::initializer_list<std::pair<std::string_view, json::value>> list) {
  json::object properties;
  for (const auto& [key, value] : list) properties[key] = value;
  json::object schema;
  schema["properties"] = std::move(properties);
  return schema;
}

json::object items(json::object item) {
  json::object schema;
  schema["items"] = std::move(item);
  return schema;
}

json::object facts_of_condition(const Place& place) {
  const auto below = place.refer("condition");
  const Place later{place.subject, "_later"};
  return with_properties({{"all", items(below)},
                          {"any", items(below)},
                          {"not", below},
                          {"text", place.sentence()},
                          {"fact", place.refer("fact")},
                          {"age_of", place.refer("date")},
                          {"at", later.refer("date")},
                          {"since", later.refer("date")}});
}

json::object facts_of_derivation(const Place& place) {
  return with_properties({{"from", place.refer("date")},
                          {"steps", place.steps()},
                          {"text", place.sentence()},
                          {"not_published", place.sentence()},
                          {"cases", items(with_properties({{"when", place.refer("condition")},
                                                           {"from", place.refer("date")},
                                                           {"steps", place.steps()},
                                                           {"text", place.sentence()}}))},
                          {"first", place.refer("derivation")}});
}

json::object facts_of_step(const Place& place, Scope scope) {
  auto schema = property("text", place.sentence());
  // The delay of its own that a decree gives is known of a claim only.
  if (scope != Scope::claim && scope != Scope::request)
    schema["properties"].as_object()["claim_delay"] = false;
  return schema;
}

/// "phrase_of_child", "sentence_of_child" and "step_of_child".
void add_sentences(json::object& definitions, Scope scope) {
  const Place place{std::string(to_string(scope)), ""};
  definitions["phrase_of_" + place.subject] = phrase_of(scope);
  definitions["sentence_of_" + place.subject] =
      with_properties({{"fr", place.refer("phrase")}, {"en", place.refer("phrase")}});
  definitions["step_of_" + place.subject] = facts_of_step(place, scope);
}

json::object due_of(const Place& place, Scope scope) {
  if (scope == Scope::citizen) return place.refer("derivation");
  json::array both;
  both.emplace_back(place.refer("derivation"));
  both.emplace_back(property("campaign", false));  // a campaign is for_each: citizen
  json::object schema;
  schema["allOf"] = std::move(both);
  return schema;
}

json::object rule_of(Scope scope) {
  const Place now{std::string(to_string(scope)), ""};
  const Place later{now.subject, "_later"};
  json::object values;
  values["additionalProperties"] = later.refer("fact");
  auto schema = with_properties(
      {{"when", now.refer("condition")},
       {"satisfied_by", later.refer("condition")},
       {"due", due_of(now, scope)},
       {"opens_on", later.refer("derivation")},
       {"next_steps",
        items(with_properties({{"when", later.refer("condition")}, {"text", now.sentence()}}))},
       {"line", now.sentence()},
       {"values", values},
       {"reminders", property("stages", items(property("halfway_since", later.refer("date"))))}});
  auto& properties = schema["properties"].as_object();
  if (scope == Scope::event)
    schema["required"] = array_of({"events"});
  else
    properties["events"] = false;
  properties["suspended_by"] =
      scope == Scope::claim ? json::value(property("text", now.sentence())) : json::value(false);
  return schema;
}

}  // namespace

void add_subjects(json::object& definitions) {
  add_derived_facts(definitions);
  for (const auto& word : words::subjects) {
    const auto scope = parse_scope(word.name).value_or(Scope::citizen);
    add_own_facts(definitions, scope);
    add_facts(definitions, scope);
    add_sentences(definitions, scope);
    for (const char* later : {"", "_later"}) {
      const Place place{std::string(word.name), later};
      const auto name = [&](std::string_view what) {
        return fmt::format("{}_of_{}{}", what, place.subject, place.later);
      };
      definitions[name("condition")] = facts_of_condition(place);
      definitions[name("derivation")] = facts_of_derivation(place);
    }
    definitions[fmt::format("rule_of_{}", word.name)] = rule_of(scope);
  }
}

}  // namespace rappel::rules::schema
