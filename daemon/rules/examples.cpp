// SPDX-License-Identifier: Apache-2.0
#include "rules/examples.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/evaluate.hpp"
#include "rules/holiday_zone.hpp"

namespace rappel::rules {
namespace {

std::string shown(const std::optional<CivilDate>& date) {
  return date ? to_iso(*date) : "none";
}

std::string shown(const std::vector<CivilDate>& dates) {
  std::vector<std::string> texts;
  for (const auto date : dates) texts.push_back(to_iso(date));
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

std::vector<CivilDate> days_of(const std::vector<PlannedStage>& stages) {
  std::vector<CivilDate> days;
  for (const auto& stage : stages) days.push_back(stage.on);
  return days;
}

/// Notes what differs between an example's word and the rule's.
class Comparer {
 public:
  template <typename T>
  void same(const std::string& what, const T& expected, const T& found) {
    if (expected != found)
      differences_.push_back(
          fmt::format("{}: expected {}, found {}", what, shown_any(expected), shown_any(found)));
  }
  void add(std::string difference) { differences_.push_back(std::move(difference)); }
  std::vector<std::string> take() { return std::move(differences_); }

 private:
  static std::string shown_any(const std::string& text) { return text; }
  static std::string shown_any(bool flag) { return flag ? "true" : "false"; }
  template <typename T>
  static std::string shown_any(const T& value) {
    return shown(value);
  }

  std::vector<std::string> differences_;
};

void compare(const Expectation& expected, const PlannedDeadline& found, Comparer& comparer) {
  comparer.same("due_on", expected.due_on, std::optional(found.due_on));
  comparer.same("state", expected.state, std::string(to_string(found.state)));
  if (expected.subject_given) comparer.same("subject", expected.subject, found.subject);
  if (expected.occurrence_given) comparer.same("occurrence", expected.occurrence, found.occurrence);
  if (expected.opens_on) comparer.same("opens_on", expected.opens_on, found.opens_on);
  if (expected.safe_given) comparer.same("safe_on", expected.safe_on, found.safe_on);
  if (expected.stages_given) comparer.same("stages", expected.stages, days_of(found.stages));
}

}  // namespace

std::vector<std::string> run_example(const Rule& rule, const Example& example,
                                     const calendar::Holidays& holidays) {
  Evaluation found;
  const auto profile = profile::fold(example.events);
  const Context citizen(profile, example.as_of);
  evaluate_rule(rule, holiday_zone_of(holidays, rule.country, citizen), citizen, Detail::full, found);
  Comparer comparer;
  if (found.deadlines.size() != example.deadlines.size()) {
    std::vector<CivilDate> due;
    for (const auto& deadline : found.deadlines) due.push_back(deadline.due_on);
    comparer.add(fmt::format("expected {} deadlines, found {}: {}", example.deadlines.size(),
                             found.deadlines.size(), shown(due)));
    return comparer.take();
  }
  for (std::size_t i = 0; i < found.deadlines.size(); ++i)
    compare(example.deadlines[i], found.deadlines[i], comparer);
  if (example.note) comparer.same("note", *example.note, !found.notes.empty());
  if (example.reevaluate_on)
    comparer.same("reevaluate_on", example.reevaluate_on, found.reevaluate_on);
  return comparer.take();
}

}  // namespace rappel::rules
