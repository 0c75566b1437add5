// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/holidays.hpp"
#include "rules/program.hpp"
#include "rules/rule.hpp"

namespace rappel::rules {

/// What an example of a rule's file says and the rule does not; empty when they agree.
std::vector<std::string> run_example(const Rule& rule, const Example& example,
                                     const calendar::Holidays& holidays);

}  // namespace rappel::rules
