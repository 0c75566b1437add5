// SPDX-License-Identifier: Apache-2.0
#include "rules/stages.hpp"

#include <algorithm>

namespace rappel::rules {
namespace {

std::optional<CivilDate> day_of(const Stage& stage, const Context& context, CivilDate last) {
  switch (stage.kind) {
    case Stage::Kind::from_due:
      return calendar::add(last, stage.offset);
    case Stage::Kind::from_opening:
      if (!context.opens_on) return std::nullopt;
      return calendar::add(*context.opens_on, stage.offset);
    case Stage::Kind::halfway:
      break;
  }
  const auto since = stage.since->get(context);
  if (!since.known() || date_of(since) > last) return std::nullopt;
  return calendar::add_days(date_of(since), calendar::days_between(date_of(since), last) / 2);
}

}  // namespace

std::vector<PlannedStage> plan_stages(std::span<const Stage> stages, const Context& context,
                                      CivilDate earliest, CivilDate last) {
  std::vector<PlannedStage> planned;
  for (const auto& stage : stages) {
    const auto day = day_of(stage, context, last);
    if (!day || *day < earliest || *day > last) continue;
    const bool taken = std::any_of(planned.begin(), planned.end(),
                                   [&](const PlannedStage& other) { return other.on == *day; });
    if (!taken) planned.push_back({stage.name, *day, stage.at, stage.message, false});
  }
  std::sort(planned.begin(), planned.end(),
            [](const PlannedStage& a, const PlannedStage& b) { return a.on < b.on; });
  if (!planned.empty()) planned.front().first_contact = true;
  return planned;
}

}  // namespace rappel::rules
