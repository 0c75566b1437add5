// SPDX-License-Identifier: Apache-2.0
#include "rules/areas.hpp"

namespace rappel::rules {
namespace {

profile::Areas areas_of(const Fact* fact) {
  return fact == nullptr ? profile::Areas{} : fact->areas;
}

profile::Areas areas_of(const Sentences& sentences) {
  profile::Areas areas;
  for (const auto* sentence : {&sentences.fr, &sentences.en}) {
    for (const auto& piece : sentence->pieces) areas |= areas_of(piece.fact);
  }
  return areas;
}

profile::Areas areas_of(const Condition& condition) {
  profile::Areas areas;
  for (const auto& leaf : condition.leaves) {
    areas |= areas_of(leaf.fact) | areas_of(leaf.age_at) | areas_of(leaf.since);
    if (leaf.question == Question::event) areas |= profile::Area::happenings;
    if (leaf.question == Question::filed) areas |= profile::Area::filings;
  }
  for (const auto& node : condition.nodes) areas |= areas_of(node.text);
  return areas;
}

profile::Areas areas_of(const std::vector<Step>& steps) {
  profile::Areas areas;
  for (const auto& step : steps) areas |= areas_of(step.text);
  return areas;
}

profile::Areas areas_of(const Derivation& derivation) {
  profile::Areas areas;
  for (const auto& branch : derivation.branches)
    areas |= areas_of(branch.when) | areas_of(branch.from) | areas_of(branch.text) | areas_of(branch.steps);
  return areas;
}

profile::Areas areas_of(const Turns& turns) {
  auto areas = areas_of(turns.from) | areas_of(turns.steps) | areas_of(turns.text);
  if (turns.first) areas |= areas_of(*turns.first);
  return areas;
}

profile::Areas area_of(Scope scope) {
  using profile::Area;
  switch (scope) {
    case Scope::citizen:
      return {};
    case Scope::document:
      return Area::documents;
    case Scope::child:
      return Area::children;
    case Scope::vehicle:
      return Area::vehicles;
    case Scope::benefit:
      return Area::benefits;
    case Scope::claim:
    case Scope::request:
      return Area::claims;
    case Scope::event:
      return Area::happenings;
  }
  return {};
}

}  // namespace

profile::Areas areas_of(const Program& program) {
  auto areas = area_of(program.scope) | profile::Area::address | profile::Area::done;
  areas |= areas_of(program.when) | areas_of(program.satisfied) | areas_of(program.due);
  areas |= areas_of(program.line);
  if (program.campaign)
    areas |= areas_of(program.campaign->text) | areas_of(program.campaign->not_published);
  if (program.turns) areas |= areas_of(*program.turns);
  if (program.suspension) areas |= areas_of(*program.suspension);
  if (program.opens) areas |= areas_of(*program.opens);
  for (const auto& value : program.values) areas |= areas_of(value.fact);
  for (const auto& stage : program.stages) areas |= areas_of(stage.since);
  for (const auto& step : program.next_steps) areas |= areas_of(step.when) | areas_of(step.text);
  return areas;
}

}  // namespace rappel::rules
