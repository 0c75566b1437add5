// SPDX-License-Identifier: Apache-2.0
#include "rules/facts.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "profile/vocabulary.hpp"

namespace rappel::rules {
namespace {

constexpr std::array<std::pair<Scope, std::string_view>, 8> scope_names{
    {{Scope::citizen, "citizen"},
     {Scope::document, "document"},
     {Scope::child, "child"},
     {Scope::vehicle, "vehicle"},
     {Scope::benefit, "benefit"},
     {Scope::claim, "claim"},
     {Scope::request, "document_request"},
     {Scope::event, "event"}}};

std::vector<std::string_view> choices_of(const profile::Shape& shape, std::string_view field) {
  for (const auto& known : shape.fields) {
    if (known.name == field) return {known.choices.begin(), known.choices.end()};
  }
  return {};
}

}  // namespace

std::vector<std::string_view> choices_of_event(std::string_view event, std::string_view field) {
  const auto* type = profile::find_event_type(event);
  return type == nullptr ? std::vector<std::string_view>{} : choices_of(*type->data, field);
}

std::vector<std::string_view> choices_of_citizen(std::string_view field) {
  return choices_of(profile::citizen_shape(), field);
}

Value date_value(CivilDate date) {
  return {Type::date, std::chrono::sys_days(date).time_since_epoch().count(), {}};
}

CivilDate date_of(const Value& value) {
  return CivilDate{std::chrono::sys_days(std::chrono::days{value.number})};
}

std::span<const Fact> all_facts() {
  static const std::vector<Fact> facts = [] {
    auto all = citizen_facts();
    auto more = subject_facts();
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }();
  return facts;
}

const Fact* find_fact(std::string_view name) {
  const auto facts = all_facts();
  const auto found =
      std::find_if(facts.begin(), facts.end(), [&](const Fact& fact) { return fact.name == name; });
  return found == facts.end() ? nullptr : &*found;
}

std::vector<std::string> fact_names(Scope scope) {
  std::vector<std::string> names;
  for (const auto& fact : all_facts()) {
    if (is_in_scope(fact, scope)) names.emplace_back(fact.name);
  }
  return names;
}

bool is_in_scope(const Fact& fact, Scope scope) {
  return fact.scope == Scope::citizen || fact.scope == scope ||
         (fact.scope == Scope::claim && scope == Scope::request);
}

std::string_view to_string(Type type) {
  switch (type) {
    case Type::none:
      return "unknown";
    case Type::date:
      return "date";
    case Type::integer:
      return "whole number";
    case Type::boolean:
      return "true or false";
    case Type::word:
      return "word";
    case Type::departement:
      return "departement";
    case Type::words:
      return "list of texts";
  }
  return "?";
}

std::string_view to_string(Scope scope) {
  for (const auto& [known, name] : scope_names) {
    if (known == scope) return name;
  }
  return "?";
}

std::optional<Scope> parse_scope(std::string_view text) {
  for (const auto& [scope, name] : scope_names) {
    if (name == text) return scope;
  }
  return std::nullopt;
}

}  // namespace rappel::rules
