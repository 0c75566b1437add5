// SPDX-License-Identifier: Apache-2.0
#include "rules/supersession.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.hpp"

namespace rappel::rules {

namespace {

void share_areas(std::span<Rule> rules, const std::string& a, const std::string& b) {
  profile::Areas areas;
  for (const auto& rule : rules) {
    if (rule.id == a || rule.id == b) areas |= rule.areas;
  }
  for (auto& rule : rules) {
    if (rule.id == a || rule.id == b) rule.areas |= areas;
  }
}

}  // namespace

Supersessions::Supersessions(std::span<Rule> rules, std::vector<Problem>& problems) {
  std::vector<std::string> ids;
  for (const auto& rule : rules) ids.push_back(rule.id);
  for (const auto& rule : rules) {
    for (const auto& old : rule.supersedes) {
      const bool known = std::find(ids.begin(), ids.end(), old) != ids.end();
      if (known && old != rule.id) {
        pairs_.emplace_back(rule.id, old);
        continue;
      }
      const auto nearest = nearest_name(old, ids);
      problems.push_back({ProblemKind::invalid, "unknown_rule",
                          fmt::format("supersedes: \"{}\" is not another rule", old), rule.path,
                          nearest.empty() ? "" : fmt::format("did you mean \"{}\"?", nearest)});
    }
  }
  // So do the versions of one rule.
  for (const auto& rule : rules) share_areas(rules, rule.id, rule.id);
  // As often as a chain can be long: its ends share what they read.
  for (std::size_t round = 0; round < pairs_.size(); ++round) {
    for (const auto& [newer, old] : pairs_) share_areas(rules, newer, old);
  }
}

void Supersessions::apply(Evaluation& evaluation) const {
  for (const auto& pair : pairs_) {
    for (auto& deadline : evaluation.deadlines) {
      if (deadline.rule != pair.second || deadline.state != DeadlineState::open) continue;
      const auto& all = evaluation.deadlines;
      const bool replaced = std::any_of(all.begin(), all.end(), [&](const PlannedDeadline& other) {
        return other.rule == pair.first && other.subject == deadline.subject;
      });
      if (!replaced) continue;
      deadline.state = DeadlineState::superseded;
      deadline.stages.clear();
    }
  }
}

}  // namespace rappel::rules
