// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/holidays.hpp"
#include "rules/facts.hpp"
#include "rules/rule_book.hpp"

namespace rappel::rules {

/// Applies one rule, draft or not, to one citizen and adds what it says to `into`. `citizen` has no
/// subject yet.
void evaluate_rule(const Rule& rule, const calendar::HolidayZone& zone, const Context& citizen,
                   Detail detail, Evaluation& into);

}  // namespace rappel::rules
