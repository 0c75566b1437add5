// SPDX-License-Identifier: Apache-2.0
#include "rules/facts.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "profile/place.hpp"
#include "profile/vocabulary.hpp"

namespace rappel::rules {
namespace {

constexpr std::array<std::pair<Scope, std::string_view>, 4> scope_names{
    {{Scope::citizen, "citizen"},
     {Scope::document, "document"},
     {Scope::child, "child"},
     {Scope::request, "document_request"}}};

Value of(const std::optional<CivilDate>& date) {
  return date ? date_value(*date) : Value{};
}

Value of(const std::optional<bool>& flag) {
  return flag ? Value{Type::boolean, *flag ? 1 : 0, {}} : Value{};
}

Value of(const std::string& word) {
  return word.empty() ? Value{} : Value{Type::word, 0, word};
}

Value integer(std::int64_t number) {
  return {Type::integer, number, {}};
}

Value departement(const Context& context) {
  const int key = profile::departement_sort_key(context.departement);
  return key == 0 ? Value{} : Value{Type::departement, key, context.departement};
}

/// A newer document of the same kind has been issued.
Value document_replaced(const Context& context) {
  const auto& mine = *context.document;
  const auto& all = context.profile.documents;
  const bool newer = std::any_of(all.begin(), all.end(), [&](const profile::Document& other) {
    return other.kind == mine.kind && other.issued_on && mine.issued_on &&
           *other.issued_on > *mine.issued_on;
  });
  return of(std::optional<bool>(newer));
}

Value tax_filed(const Context& context) {
  return of(std::optional<bool>(context.profile.tax.filed_years.contains(context.year)));
}

std::vector<std::string> missing_documents(const Context& context) {
  std::vector<std::string> missing;
  for (const auto& document : context.request->documents) {
    if (!context.request->received.contains(document)) missing.push_back(document);
  }
  return missing;
}

/// The closed list of a field of the vocabulary.
std::vector<std::string_view> choices_of(const profile::Shape& shape, std::string_view field) {
  for (const auto& known : shape.fields) {
    if (known.name == field) return {known.choices.begin(), known.choices.end()};
  }
  return {};
}

template <std::size_t N>
struct Name {
  char text[N]{};
  constexpr Name(const char (&from)[N]) { std::copy_n(from, N, text); }
};

template <Name field>
std::vector<std::string_view> citizen_choices() {
  return choices_of(profile::citizen_shape(), field.text);
}

template <Name field>
std::vector<std::string_view> document_choices() {
  for (const auto& type : profile::event_types()) {
    if (type.name == "identity_document.issued") return choices_of(*type.data, field.text);
  }
  return {};
}

using C = const Context&;

const std::array facts{
    Fact{.name = "today",
         .type = Type::date,
         .get = [](C c) { return date_value(c.as_of); },
         .doc = "the citizen's own date"},
    Fact{.name = "given_name",
         .type = Type::word,
         .get = [](C c) { return of(c.profile.given_name); }},
    Fact{.name = "birthdate",
         .type = Type::date,
         .get = [](C c) { return of(c.profile.birthdate); }},
    Fact{.name = "gender",
         .type = Type::word,
         .get = [](C c) { return of(c.profile.gender); },
         .choices = citizen_choices<"gender">},
    Fact{.name = "nationality",
         .type = Type::word,
         .get = [](C c) { return of(c.profile.nationality); },
         .doc = "ISO 3166-1, two letters"},
    Fact{.name = "activite",
         .type = Type::word,
         .get = [](C c) { return of(c.profile.activite); },
         .choices = citizen_choices<"activite">},
    Fact{.name = "statut_marital",
         .type = Type::word,
         .get = [](C c) { return of(c.profile.statut_marital); },
         .choices = citizen_choices<"statut_marital">},
    Fact{.name = "statut_occupation_logement",
         .type = Type::word,
         .get = [](C c) { return of(c.profile.statut_occupation_logement); },
         .choices = citizen_choices<"statut_occupation_logement">},
    Fact{.name = "departement",
         .type = Type::departement,
         .get = departement,
         .doc = "from the commune of the address; 20 <= 2A < 2B < 21"},
    Fact{.name = "children_count",
         .type = Type::integer,
         .get = [](C c) { return integer(std::int64_t(c.profile.children.size())); }},
    Fact{.name = "tax.household",
         .type = Type::boolean,
         .get = [](C c) { return of(c.profile.tax.household); }},
    Fact{.name = "tax.automatic_declaration",
         .type = Type::boolean,
         .get = [](C c) { return of(c.profile.tax.automatic_declaration); }},
    Fact{.name = "tax.filed",
         .type = Type::boolean,
         .get = tax_filed,
         .doc = "the declaration of this campaign's year has been filed"},
    Fact{.name = "document.kind",
         .type = Type::word,
         .scope = Scope::document,
         .get = [](C c) { return of(c.document->kind); },
         .choices = document_choices<"kind">},
    Fact{.name = "document.format",
         .type = Type::word,
         .scope = Scope::document,
         .get = [](C c) { return of(c.document->format); },
         .choices = document_choices<"format">},
    Fact{.name = "document.issued_on",
         .type = Type::date,
         .scope = Scope::document,
         .get = [](C c) { return of(c.document->issued_on); }},
    Fact{.name = "document.expires_on",
         .type = Type::date,
         .scope = Scope::document,
         .get = [](C c) { return of(c.document->expires_on); },
         .doc = "as printed on it"},
    Fact{.name = "document.replaced",
         .type = Type::boolean,
         .scope = Scope::document,
         .get = document_replaced,
         .doc = "a newer one of the same kind has been issued"},
    Fact{.name = "child.birthdate",
         .type = Type::date,
         .scope = Scope::child,
         .get = [](C c) { return of(c.child->birthdate); }},
    Fact{.name = "child.given_name",
         .type = Type::word,
         .scope = Scope::child,
         .get = [](C c) { return of(c.child->given_name); }},
    Fact{.name = "claim.kind",
         .type = Type::word,
         .scope = Scope::request,
         .get = [](C c) { return of(c.claim->kind); }},
    Fact{.name = "claim.label",
         .type = Type::word,
         .scope = Scope::request,
         .get = [](C c) { return of(c.claim->label); }},
    Fact{.name = "request.requested_on",
         .type = Type::date,
         .scope = Scope::request,
         .get = [](C c) { return date_value(c.request->requested_on); },
         .doc = "the day the letter was received"},
    Fact{.name = "request.due_on",
         .type = Type::date,
         .scope = Scope::request,
         .get = [](C c) { return date_value(c.request->due_on); },
         .doc = "as the letter says"},
    Fact{.name = "request.received_on",
         .type = Type::date,
         .scope = Scope::request,
         .get = [](C c) { return of(c.request->received_on); },
         .doc = "the day the last document came"},
    Fact{.name = "request.documents",
         .type = Type::words,
         .scope = Scope::request,
         .list = [](C c) { return c.request->documents; }},
    Fact{.name = "request.missing",
         .type = Type::words,
         .scope = Scope::request,
         .list = missing_documents,
         .doc = "those that have not come yet"},
    Fact{.name = "due_on",
         .type = Type::date,
         .get = [](C c) { return of(c.due_on); },
         .derived = true},
    Fact{.name = "safe_on",
         .type = Type::date,
         .get = [](C c) { return of(c.safe_on); },
         .derived = true},
    Fact{.name = "opens_on",
         .type = Type::date,
         .get = [](C c) { return of(c.opens_on); },
         .derived = true},
    Fact{.name = "year",
         .type = Type::integer,
         .get = [](C c) { return integer(c.year); },
         .doc = "of a yearly rule's turn",
         .derived = true},
};

}  // namespace

Value date_value(CivilDate date) {
  return {Type::date, std::chrono::sys_days(date).time_since_epoch().count(), {}};
}

CivilDate date_of(const Value& value) {
  return CivilDate{std::chrono::sys_days(std::chrono::days{value.number})};
}

std::span<const Fact> all_facts() {
  return facts;
}

const Fact* find_fact(std::string_view name) {
  const auto* found =
      std::find_if(facts.begin(), facts.end(), [&](const Fact& fact) { return fact.name == name; });
  return found == facts.end() ? nullptr : found;
}

std::vector<std::string> fact_names(Scope scope) {
  std::vector<std::string> names;
  for (const auto& fact : facts) {
    if (fact.scope == Scope::citizen || fact.scope == scope) names.emplace_back(fact.name);
  }
  return names;
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
