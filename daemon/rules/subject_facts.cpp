// SPDX-License-Identifier: Apache-2.0
// Facts of what a rule is applied to: one document, child, vehicle, benefit, claim, letter or event.
#include "rules/fact_values.hpp"

namespace rappel::rules {
namespace {

using profile::Area;

/// A newer document of the same kind has been issued.
Value document_replaced(const Context& context) {
  const auto& mine = *context.document;
  const auto& all = context.profile.documents;
  const bool newer = std::any_of(all.begin(), all.end(), [&](const profile::Document& other) {
    return other.kind == mine.kind && other.issued_on && mine.issued_on &&
           *other.issued_on > *mine.issued_on;
  });
  return value_of(std::optional<bool>(newer));
}

Value last_made(const Context& context) {
  const auto& claim = *context.claim;
  if (!claim.made_on || !claim.renewed_on) return value_of(claim.made_on ? claim.made_on : claim.renewed_on);
  return date_value(std::max(*claim.made_on, *claim.renewed_on));
}

/// CRPA L114-5: the clock of an implicit acceptance starts when the documents asked for have come.
Value complete_on(const Context& context) {
  auto complete = context.claim->made_on;
  for (const auto& request : context.claim->requests) {
    if (!request.received_on) return {};
    if (!complete || *request.received_on > *complete) complete = request.received_on;
  }
  return value_of(complete);
}

Value own_delay(const Context& context) {
  return value_of(std::optional<bool>(context.claim->decision_delay.has_value()));
}

std::vector<std::string> missing_documents(const Context& context) {
  std::vector<std::string> missing;
  for (const auto& document : context.request->documents) {
    if (!context.request->received.contains(document)) missing.push_back(document);
  }
  return missing;
}

std::vector<Fact> facts_of_belongings() {
  return {
      {.name = "document.kind",
       .type = Type::word,
       .scope = Scope::document,
       .get = [](C c) { return value_of(c.document->kind); },
       .areas = Area::documents,
       .choices = event_choices<"document.issued", "kind">},
      {.name = "document.format",
       .type = Type::word,
       .scope = Scope::document,
       .get = [](C c) { return value_of(c.document->format); },
       .areas = Area::documents,
       .choices = event_choices<"document.issued", "format">},
      {.name = "document.category",
       .type = Type::word,
       .scope = Scope::document,
       .get = [](C c) { return value_of(c.document->category); },
       .areas = Area::documents,
       .doc = "of a licence or a permit",
       .choices = event_choices<"document.issued", "category">},
      {.name = "document.issued_on",
       .type = Type::date,
       .scope = Scope::document,
       .get = [](C c) { return value_of(c.document->issued_on); },
       .areas = Area::documents},
      {.name = "document.expires_on",
       .type = Type::date,
       .scope = Scope::document,
       .get = [](C c) { return value_of(c.document->expires_on); },
       .areas = Area::documents,
       .doc = "as printed on it"},
      {.name = "document.permanent",
       .type = Type::boolean,
       .scope = Scope::document,
       .get = [](C c) { return value_of(c.document->permanent); },
       .areas = Area::documents,
       .doc = "given for good"},
      {.name = "document.replaced",
       .type = Type::boolean,
       .scope = Scope::document,
       .get = document_replaced,
       .areas = Area::documents,
       .doc = "a newer one of the same kind has been issued"},
      {.name = "child.birthdate",
       .type = Type::date,
       .scope = Scope::child,
       .get = [](C c) { return value_of(c.child->birthdate); },
       .areas = Area::children},
      {.name = "child.given_name",
       .type = Type::word,
       .scope = Scope::child,
       .get = [](C c) { return value_of(c.child->given_name); },
       .areas = Area::children},
      {.name = "child.handicap",
       .type = Type::boolean,
       .scope = Scope::child,
       .get = [](C c) { return value_of(c.child->handicap); },
       .areas = Area::children},
      {.name = "vehicle.category",
       .type = Type::word,
       .scope = Scope::vehicle,
       .get = [](C c) { return value_of(c.vehicle->category); },
       .areas = Area::vehicles,
       .choices = event_choices<"vehicle.registered", "category">},
      {.name = "vehicle.first_registered_on",
       .type = Type::date,
       .scope = Scope::vehicle,
       .get = [](C c) { return value_of(c.vehicle->first_registered_on); },
       .areas = Area::vehicles},
      {.name = "vehicle.last_test_on",
       .type = Type::date,
       .scope = Scope::vehicle,
       .get = [](C c) { return value_of(c.vehicle->last_test_on); },
       .areas = Area::vehicles,
       .doc = "roadworthiness"},
      {.name = "vehicle.collection",
       .type = Type::boolean,
       .scope = Scope::vehicle,
       .get = [](C c) { return value_of(c.vehicle->collection); },
       .areas = Area::vehicles,
       .doc = "a vehicle of historic interest"},
      {.name = "vehicle.sold_on",
       .type = Type::date,
       .scope = Scope::vehicle,
       .get = [](C c) { return value_of(c.vehicle->sold_on); },
       .areas = Area::vehicles},
      {.name = "benefit.kind",
       .type = Type::word,
       .scope = Scope::benefit,
       .get = [](C c) { return value_of(c.benefit->kind); },
       .areas = Area::benefits,
       .choices = event_choices<"benefit.granted", "kind">},
      {.name = "benefit.opened_on",
       .type = Type::date,
       .scope = Scope::benefit,
       .get = [](C c) { return value_of(c.benefit->opened_on); },
       .areas = Area::benefits},
      {.name = "benefit.ends_on",
       .type = Type::date,
       .scope = Scope::benefit,
       .get = [](C c) { return value_of(c.benefit->ends_on); },
       .areas = Area::benefits,
       .doc = "last day of the right"},
      {.name = "benefit.review_on",
       .type = Type::date,
       .scope = Scope::benefit,
       .get = [](C c) { return value_of(c.benefit->review_on); },
       .areas = Area::benefits,
       .doc = "as notified"},
      {.name = "benefit.next_statement_on",
       .type = Type::date,
       .scope = Scope::benefit,
       .get = [](C c) { return value_of(c.benefit->next_statement_on); },
       .areas = Area::benefits,
       .doc = "when the next periodic statement opens"},
      {.name = "benefit.permanent",
       .type = Type::boolean,
       .scope = Scope::benefit,
       .get = [](C c) { return value_of(c.benefit->permanent); },
       .areas = Area::benefits,
       .doc = "without limit of time"},
      {.name = "benefit.renewal_filed_on",
       .type = Type::date,
       .scope = Scope::benefit,
       .get = [](C c) { return value_of(c.benefit->renewal_filed_on); },
       .areas = Area::benefits},
      {.name = "benefit.ended_on",
       .type = Type::date,
       .scope = Scope::benefit,
       .get = [](C c) { return value_of(c.benefit->ended_on); },
       .areas = Area::benefits},
  };
}

std::vector<Fact> facts_of_procedures() {
  return {
      {.name = "claim.kind",
       .type = Type::word,
       .scope = Scope::claim,
       .get = [](C c) { return value_of(c.claim->kind); },
       .areas = Area::claims},
      {.name = "claim.label",
       .type = Type::word,
       .scope = Scope::claim,
       .get = [](C c) { return value_of(c.claim->label); },
       .areas = Area::claims},
      {.name = "claim.made_on",
       .type = Type::date,
       .scope = Scope::claim,
       .get = [](C c) { return value_of(c.claim->made_on); },
       .areas = Area::claims,
       .doc = "the day the administration received it"},
      {.name = "claim.renewed_on",
       .type = Type::date,
       .scope = Scope::claim,
       .get = [](C c) { return value_of(c.claim->renewed_on); },
       .areas = Area::claims},
      {.name = "claim.last_made_on",
       .type = Type::date,
       .scope = Scope::claim,
       .get = last_made,
       .areas = Area::claims,
       .doc = "made or renewed, the later"},
      {.name = "claim.complete_on",
       .type = Type::date,
       .scope = Scope::claim,
       .get = complete_on,
       .areas = Area::claims,
       .doc = "the day the last document came; the day it was made when none was asked for; unknown while one is missing"},
      {.name = "claim.decided_on",
       .type = Type::date,
       .scope = Scope::claim,
       .get = [](C c) { return value_of(c.claim->decided_on); },
       .areas = Area::claims},
      {.name = "claim.silence",
       .type = Type::word,
       .scope = Scope::claim,
       .get = [](C c) { return value_of(c.claim->silence); },
       .areas = Area::claims,
       .doc = "what silence means for it",
       .choices = event_choices<"claim.made", "silence">},
      {.name = "claim.decision_delay",
       .type = Type::boolean,
       .scope = Scope::claim,
       .get = own_delay,
       .areas = Area::claims,
       .doc = "a decree gives it a delay of its own"},
      {.name = "request.requested_on",
       .type = Type::date,
       .scope = Scope::request,
       .get = [](C c) { return date_value(c.request->requested_on); },
       .areas = Area::claims,
       .doc = "the day the letter was received"},
      {.name = "request.due_on",
       .type = Type::date,
       .scope = Scope::request,
       .get = [](C c) { return date_value(c.request->due_on); },
       .areas = Area::claims,
       .doc = "as the letter says"},
      {.name = "request.received_on",
       .type = Type::date,
       .scope = Scope::request,
       .get = [](C c) { return value_of(c.request->received_on); },
       .areas = Area::claims,
       .doc = "the day the last document came"},
      {.name = "request.documents",
       .type = Type::words,
       .scope = Scope::request,
       .list = [](C c) { return c.request->documents; },
       .areas = Area::claims},
      {.name = "request.missing",
       .type = Type::words,
       .scope = Scope::request,
       .list = missing_documents,
       .areas = Area::claims,
       .doc = "those that have not come yet"},
      {.name = "event.type",
       .type = Type::word,
       .scope = Scope::event,
       .get = [](C c) { return value_of(c.happening->type); },
       .areas = Area::happenings},
      {.name = "event.on",
       .type = Type::date,
       .scope = Scope::event,
       .get = [](C c) { return date_value(c.happening->on); },
       .areas = Area::happenings},
      {.name = "event.kind",
       .type = Type::word,
       .scope = Scope::event,
       .get = [](C c) { return value_of(c.happening->kind); },
       .areas = Area::happenings,
       .doc = "in the words of its type"},
      {.name = "event.place",
       .type = Type::word,
       .scope = Scope::event,
       .get = [](C c) { return value_of(c.happening->place); },
       .areas = Area::happenings,
       .choices = event_choices<"child.born", "place">},
      {.name = "event.label",
       .type = Type::word,
       .scope = Scope::event,
       .get = [](C c) { return value_of(c.happening->label); },
       .areas = Area::happenings},
      {.name = "event.online",
       .type = Type::boolean,
       .scope = Scope::event,
       .get = [](C c) { return value_of(c.happening->online); },
       .areas = Area::happenings},
      {.name = "event.heir",
       .type = Type::boolean,
       .scope = Scope::event,
       .get = [](C c) { return value_of(c.happening->heir); },
       .areas = Area::happenings},
  };
}

}  // namespace

std::vector<Fact> subject_facts() {
  auto facts = facts_of_belongings();
  const auto more = facts_of_procedures();
  facts.insert(facts.end(), more.begin(), more.end());
  return facts;
}

}  // namespace rappel::rules
