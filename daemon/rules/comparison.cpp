// SPDX-License-Identifier: Apache-2.0
#include "rules/comparison.hpp"

#include <algorithm>

namespace rappel::rules {
namespace {

const PlannedDeadline* find(const Evaluation& evaluation, const PlannedDeadline& wanted) {
  const auto& all = evaluation.deadlines;
  const auto found = std::find_if(all.begin(), all.end(), [&](const PlannedDeadline& each) {
    return each.rule == wanted.rule && each.subject == wanted.subject &&
           each.occurrence == wanted.occurrence;
  });
  return found == all.end() ? nullptr : &*found;
}

bool same_stages(const PlannedDeadline& a, const PlannedDeadline& b) {
  return std::equal(a.stages.begin(), a.stages.end(), b.stages.begin(), b.stages.end(),
                    [](const PlannedStage& x, const PlannedStage& y) {
                      return x.name == y.name && x.on == y.on && x.at == y.at &&
                             x.message == y.message;
                    }) &&
         a.topic == b.topic && a.lane == b.lane && a.misfire == b.misfire &&
         a.statutory == b.statutory;
}

boost::json::object without_version(boost::json::object explanation) {
  explanation.erase("version");
  return explanation;
}

std::optional<Change> change_of(const PlannedDeadline& before, const PlannedDeadline& after) {
  if (before.due_on != after.due_on || before.opens_on != after.opens_on ||
      before.safe_on != after.safe_on || before.state != after.state)
    return Change::moves;
  if (!same_stages(before, after)) return Change::reminds;
  if (before.values != after.values ||
      without_version(before.explanation) != without_version(after.explanation))
    return Change::rewords;
  return std::nullopt;
}

Difference difference(Change change, const PlannedDeadline* before, const PlannedDeadline* after) {
  const auto& named = after != nullptr ? *after : *before;
  Difference made{change, named.rule, named.subject, named.occurrence, {}, {}};
  if (before != nullptr) made.before = *before;
  if (after != nullptr) made.after = *after;
  return made;
}

}  // namespace

std::string_view to_string(Change change) {
  switch (change) {
    case Change::appears: return "appears";
    case Change::disappears: return "disappears";
    case Change::moves: return "moves";
    case Change::reminds: return "reminds";
    case Change::rewords: return "rewords";
  }
  return "";
}

std::vector<Difference> compare(const Evaluation& before, const Evaluation& after) {
  std::vector<Difference> differences;
  for (const auto& deadline : after.deadlines) {
    const auto* known = find(before, deadline);
    if (known == nullptr) {
      differences.push_back(difference(Change::appears, nullptr, &deadline));
    } else if (const auto change = change_of(*known, deadline)) {
      differences.push_back(difference(*change, known, &deadline));
    }
  }
  for (const auto& deadline : before.deadlines) {
    if (find(after, deadline) == nullptr)
      differences.push_back(difference(Change::disappears, &deadline, nullptr));
  }
  return differences;
}

}  // namespace rappel::rules
