// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "rules/program.hpp"
#include "rules/rule_book.hpp"

namespace rappel::rules {

/// The days of a rule's stages from `earliest` to `last`, in order; of two on one day the first that
/// the rule names. Pure.
std::vector<PlannedStage> plan_stages(std::span<const Stage> stages, const Context& context,
                                      CivilDate earliest, CivilDate last);

}  // namespace rappel::rules
