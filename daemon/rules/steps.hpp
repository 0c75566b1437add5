// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/working_days.hpp"
#include "rules/program.hpp"

// The moves of a date that a rule names. Pure.

namespace rappel::rules {

CivilDate take(const Step& step, CivilDate from, const Context& context,
               const calendar::HolidayZone& zone);

/// The end of a delay whose clock stopped while documents were missing: from each letter's day to the
/// day the last document came, and no longer than the letter gave (CRPA L114-5). `start` is the
/// first day of the clock.
CivilDate suspended(CivilDate start, CivilDate end, const profile::Claim& claim);

}  // namespace rappel::rules
