// SPDX-License-Identifier: Apache-2.0
// Facts of the citizen, known to every rule.
#include "profile/place.hpp"
#include "rules/fact_values.hpp"

namespace rappel::rules {
namespace {

using profile::Area;
using profile::Areas;

Value departement(const Context& context) {
  const int key = profile::departement_sort_key(context.departement);
  return key == 0 ? Value{} : Value{Type::departement, key, context.departement};
}

Value tax_filed(const Context& context) {
  return value_of(std::optional<bool>(context.profile.tax.filed_years.contains(context.year)));
}

Value vehicles_kept(const Context& context) {
  const auto& all = context.profile.vehicles;
  return integer(std::count_if(all.begin(), all.end(), [](const profile::Vehicle& vehicle) {
    return !vehicle.sold_on.has_value();
  }));
}

bool receives(const Context& context, std::string_view kind) {
  const auto& all = context.profile.benefits;
  return std::any_of(all.begin(), all.end(), [&](const profile::Benefit& benefit) {
    return benefit.kind == kind && (!benefit.ended_on || *benefit.ended_on > context.as_of) &&
           (!benefit.ends_on || *benefit.ends_on >= context.as_of);
  });
}

std::vector<std::string> benefits_received(const Context& context) {
  std::vector<std::string> kinds;
  for (const auto& benefit : context.profile.benefits) {
    if (receives(context, benefit.kind)) kinds.push_back(benefit.kind);
  }
  return kinds;
}

bool holds_document(const Context& context, std::string_view kind) {
  const auto& all = context.profile.documents;
  return std::any_of(all.begin(), all.end(),
                     [&](const profile::Document& document) { return document.kind == kind; });
}

std::vector<std::string> documents_held(const Context& context) {
  std::vector<std::string> kinds;
  for (const auto& document : context.profile.documents) kinds.push_back(document.kind);
  return kinds;
}

/// The last step of the procedure behind this rule and subject.
const profile::Progress* progress_of(const Context& context) {
  const profile::Progress* last = nullptr;
  for (const auto& progress : context.profile.progress) {
    if (progress.rule == context.rule && progress.subject == context.subject) last = &progress;
  }
  return last;
}

Value procedure_step(const Context& context) {
  const auto* progress = progress_of(context);
  return progress == nullptr ? Value{} : value_of(progress->step);
}

Value procedure_day(const Context& context) {
  const auto* progress = progress_of(context);
  return progress == nullptr ? Value{} : date_value(progress->on);
}

std::vector<Fact> identity_facts() {
  return {
      {.name = "today",
       .type = Type::date,
       .get = [](C c) { return date_value(c.as_of); },
       .doc = "the citizen's own date"},
      {.name = "given_name",
       .type = Type::word,
       .get = [](C c) { return value_of(c.profile.given_name); },
       .areas = Area::identity},
      {.name = "birthdate",
       .type = Type::date,
       .get = [](C c) { return value_of(c.profile.birthdate); },
       .areas = Area::identity},
      {.name = "gender",
       .type = Type::word,
       .get = [](C c) { return value_of(c.profile.gender); },
       .areas = Area::identity,
       .choices = citizen_choices<"gender">},
      {.name = "nationality",
       .type = Type::word,
       .get = [](C c) { return value_of(c.profile.nationality); },
       .areas = Area::identity,
       .doc = "ISO 3166-1, two letters"},
      {.name = "activite",
       .type = Type::word,
       .get = [](C c) { return value_of(c.profile.activite); },
       .areas = Area::identity,
       .choices = citizen_choices<"activite">},
      {.name = "statut_marital",
       .type = Type::word,
       .get = [](C c) { return value_of(c.profile.statut_marital); },
       .areas = Area::identity,
       .choices = citizen_choices<"statut_marital">},
      {.name = "statut_occupation_logement",
       .type = Type::word,
       .get = [](C c) { return value_of(c.profile.statut_occupation_logement); },
       .areas = Area::identity,
       .choices = citizen_choices<"statut_occupation_logement">},
      {.name = "departement",
       .type = Type::departement,
       .get = departement,
       .areas = Area::address,
       .doc = "from the commune of the address; 20 <= 2A < 2B < 21"},
      {.name = "children_count",
       .type = Type::integer,
       .get = [](C c) { return integer(std::int64_t(c.profile.children.size())); },
       .areas = Area::children},
      {.name = "vehicles_count",
       .type = Type::integer,
       .get = vehicles_kept,
       .areas = Area::vehicles,
       .doc = "those that were not sold"},
  };
}

std::vector<Fact> situation_facts() {
  return {
      {.name = "ressortissant_eee",
       .type = Type::boolean,
       .get = [](C c) { return value_of(c.profile.situation.ressortissant_eee); },
       .areas = Area::situation},
      {.name = "etudiant",
       .type = Type::boolean,
       .get = [](C c) { return value_of(c.profile.situation.etudiant); },
       .areas = Area::situation},
      {.name = "boursier",
       .type = Type::boolean,
       .get = [](C c) { return value_of(c.profile.situation.boursier); },
       .areas = Area::situation},
      {.name = "handicap",
       .type = Type::boolean,
       .get = [](C c) { return value_of(c.profile.situation.handicap); },
       .areas = Area::situation},
      {.name = "enceinte",
       .type = Type::boolean,
       .get = [](C c) { return value_of(c.profile.situation.enceinte); },
       .areas = Area::situation},
      {.name = "inscrit_france_travail",
       .type = Type::boolean,
       .get = [](C c) { return value_of(c.profile.situation.inscrit_france_travail); },
       .areas = Area::situation},
      {.name = "proprietaire_logement",
       .type = Type::boolean,
       .get = [](C c) { return value_of(c.profile.situation.proprietaire_logement); },
       .areas = Area::situation},
      {.name = "bailleur",
       .type = Type::boolean,
       .get = [](C c) { return value_of(c.profile.situation.bailleur); },
       .areas = Area::situation},
      {.name = "impots_mensualises",
       .type = Type::boolean,
       .get = [](C c) { return value_of(c.profile.situation.impots_mensualises); },
       .areas = Area::situation},
      {.name = "cheque_energie_eligible",
       .type = Type::boolean,
       .get = [](C c) { return value_of(c.profile.situation.cheque_energie_eligible); },
       .areas = Area::situation},
      {.name = "cheque_energie_automatique",
       .type = Type::boolean,
       .get = [](C c) { return value_of(c.profile.situation.cheque_energie_automatique); },
       .areas = Area::situation},
      {.name = "micro_entrepreneur",
       .type = Type::boolean,
       .get = [](C c) { return value_of(c.profile.situation.micro_entrepreneur); },
       .areas = Area::situation},
      {.name = "travailleur_independant",
       .type = Type::boolean,
       .get = [](C c) { return value_of(c.profile.situation.travailleur_independant); },
       .areas = Area::situation},
      {.name = "parcoursup",
       .type = Type::boolean,
       .get = [](C c) { return value_of(c.profile.situation.parcoursup); },
       .areas = Area::situation},
      {.name = "entreprise_debut",
       .type = Type::date,
       .get = [](C c) { return value_of(c.profile.situation.entreprise_debut); },
       .areas = Area::situation},
      {.name = "date_depart_retraite",
       .type = Type::date,
       .get = [](C c) { return value_of(c.profile.situation.date_depart_retraite); },
       .areas = Area::situation},
      {.name = "echeance_assurance_logement",
       .type = Type::date,
       .get = [](C c) { return value_of(c.profile.situation.echeance_assurance_logement); },
       .areas = Area::situation},
      {.name = "categorie_non_salarie",
       .type = Type::word,
       .get = [](C c) { return value_of(c.profile.situation.categorie_non_salarie); },
       .areas = Area::situation,
       .choices = citizen_choices<"categorie_non_salarie">},
      {.name = "periodicite_declaration",
       .type = Type::word,
       .get = [](C c) { return value_of(c.profile.situation.periodicite_declaration); },
       .areas = Area::situation,
       .choices = citizen_choices<"periodicite_declaration">},
      {.name = "niveau_etudes",
       .type = Type::word,
       .get = [](C c) { return value_of(c.profile.situation.niveau_etudes); },
       .areas = Area::situation,
       .choices = citizen_choices<"niveau_etudes">},
      {.name = "taux_incapacite",
       .type = Type::integer,
       .get = [](C c) { return value_of(c.profile.situation.taux_incapacite); },
       .areas = Area::situation,
       .doc = "percent"},
  };
}

std::vector<Fact> administrative_facts() {
  return {
      {.name = "tax.household",
       .type = Type::boolean,
       .get = [](C c) { return value_of(c.profile.tax.household); },
       .areas = Area::tax},
      {.name = "tax.automatic_declaration",
       .type = Type::boolean,
       .get = [](C c) { return value_of(c.profile.tax.automatic_declaration); },
       .areas = Area::tax},
      {.name = "tax.filed",
       .type = Type::boolean,
       .get = tax_filed,
       .areas = Area::tax,
       .doc = "the declaration of this campaign's year has been filed"},
      {.name = "benefits",
       .type = Type::words,
       .list = benefits_received,
       .has = receives,
       .areas = Area::benefits,
       .doc = "kinds of those that the citizen receives today",
       .choices = event_choices<"benefit.granted", "kind">},
      {.name = "documents",
       .type = Type::words,
       .list = documents_held,
       .has = holds_document,
       .areas = Area::documents,
       .doc = "kinds of those that the citizen holds",
       .choices = event_choices<"document.issued", "kind">},
      {.name = "procedure.step",
       .type = Type::word,
       .get = procedure_step,
       .areas = Area::progress,
       .doc = "the last step told of the procedure behind this deadline",
       .choices = event_choices<"procedure.advanced", "step">},
      {.name = "procedure.on",
       .type = Type::date,
       .get = procedure_day,
       .areas = Area::progress,
       .doc = "its day"},
  };
}

std::vector<Fact> derived_facts() {
  return {
      {.name = "due_on",
       .type = Type::date,
       .get = [](C c) { return value_of(c.due_on); },
       .derived = true},
      {.name = "due_month",
       .type = Type::integer,
       .get =
           [](C c) { return c.due_on ? integer(unsigned(c.due_on->month())) : Value{}; },
       .doc = "1 to 12, of the limit",
       .derived = true},
      {.name = "safe_on",
       .type = Type::date,
       .get = [](C c) { return value_of(c.safe_on); },
       .derived = true},
      {.name = "opens_on",
       .type = Type::date,
       .get = [](C c) { return value_of(c.opens_on); },
       .derived = true},
      {.name = "year",
       .type = Type::integer,
       .get = [](C c) { return integer(c.year); },
       .doc = "of a yearly rule's turn",
       .derived = true},
  };
}

}  // namespace

std::vector<Fact> citizen_facts() {
  std::vector<Fact> facts;
  for (const auto& part :
       {identity_facts(), situation_facts(), administrative_facts(), derived_facts()})
    facts.insert(facts.end(), part.begin(), part.end());
  return facts;
}

}  // namespace rappel::rules
