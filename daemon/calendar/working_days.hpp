// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "calendar/holidays.hpp"

// Worked days of a zone, and what becomes of a limit that falls on another day. Pure; any thread.

namespace rappel::calendar {

/// Which days count as worked, holidays excepted.
enum class WorkedDay {
  ouvre,    ///< Monday to Friday
  ouvrable  ///< Monday to Saturday
};
std::string_view to_string(WorkedDay kind);
std::optional<WorkedDay> parse_worked_day(std::string_view text);

/// What a rule does with a limit on a closed day.
enum class Rollover {
  none,                  ///< it stays: the end of a validity
  next_working_day,      ///< to the next jour ouvre (CPC 642, décret 2017-278)
  previous_working_day,  ///< to the previous jour ouvre
  as_published           ///< an authority gave the date: never shifted by us
};
std::string_view to_string(Rollover policy);
std::optional<Rollover> parse_rollover(std::string_view text);

bool is_worked(CivilDate date, const HolidayZone& zone, WorkedDay kind = WorkedDay::ouvre);
/// The date itself when it is worked.
CivilDate next_worked(CivilDate date, const HolidayZone& zone, WorkedDay kind = WorkedDay::ouvre);
CivilDate previous_worked(CivilDate date, const HolidayZone& zone,
                          WorkedDay kind = WorkedDay::ouvre);
/// `count` worked days after `date`, or before it when negative; `date` itself is not counted.
CivilDate add_worked(CivilDate date, int count, const HolidayZone& zone, WorkedDay kind);
CivilDate roll(CivilDate date, Rollover policy, const HolidayZone& zone);

}  // namespace rappel::calendar
