// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "rules/program.hpp"

// The turns of a limit that comes back. Pure.

namespace rappel::rules {

/// The day that comes back: the first after `after`, not before `first` (the derived beginning, when
/// the rule names one); nothing when there is none, or when the fact that it counts from is unknown.
std::optional<CivilDate> next_turn(const Turns& turns, const Context& context,
                                   std::optional<CivilDate> first, CivilDate after);

}  // namespace rappel::rules
