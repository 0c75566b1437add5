// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/holidays.hpp"
#include "rules/rule_book.hpp"

namespace rappel::rules {

/// Applies one rule, draft or not, to one citizen and adds what it says to `into`.
void evaluate_rule(const Rule& rule, const calendar::Holidays& holidays,
                   const profile::Profile& profile, const Query& query,
                   Evaluation& into);

}  // namespace rappel::rules
