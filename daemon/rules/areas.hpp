// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/program.hpp"

namespace rappel::rules {

/// Everything of a profile that a rule reads, sentences included: an event that changes none of it
/// leaves what the rule says as it is. The address gives the public holidays, and a mark of "done"
/// closes a deadline of any rule.
profile::Areas areas_of(const Program& program);

}  // namespace rappel::rules
