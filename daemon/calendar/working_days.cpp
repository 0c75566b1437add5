// SPDX-License-Identifier: Apache-2.0
#include "calendar/working_days.hpp"

#include <array>
#include <utility>

#include "calendar/period.hpp"

namespace rappel::calendar {
namespace {

constexpr std::array<std::pair<WorkedDay, std::string_view>, 2> worked_names{
    {{WorkedDay::ouvre, "ouvre"}, {WorkedDay::ouvrable, "ouvrable"}}};
constexpr std::array<std::pair<Rollover, std::string_view>, 4> rollover_names{
    {{Rollover::none, "none"},
     {Rollover::next_working_day, "next_working_day"},
     {Rollover::previous_working_day, "previous_working_day"},
     {Rollover::as_published, "as_published"}}};

CivilDate worked_towards(CivilDate date, int step, const HolidayZone& zone, WorkedDay kind) {
  while (!is_worked(date, zone, kind)) date = add_days(date, step);
  return date;
}

}  // namespace

std::string_view to_string(WorkedDay kind) {
  for (const auto& [known, name] : worked_names) {
    if (known == kind) return name;
  }
  return "?";
}

std::optional<WorkedDay> parse_worked_day(std::string_view text) {
  for (const auto& [kind, name] : worked_names) {
    if (name == text) return kind;
  }
  return std::nullopt;
}

std::string_view to_string(Rollover policy) {
  for (const auto& [known, name] : rollover_names) {
    if (known == policy) return name;
  }
  return "?";
}

std::optional<Rollover> parse_rollover(std::string_view text) {
  for (const auto& [policy, name] : rollover_names) {
    if (name == text) return policy;
  }
  return std::nullopt;
}

bool is_worked(CivilDate date, const HolidayZone& zone, WorkedDay kind) {
  const std::chrono::weekday weekday{std::chrono::sys_days(date)};
  if (weekday == std::chrono::Sunday) return false;
  if (kind == WorkedDay::ouvre && weekday == std::chrono::Saturday) return false;
  return !zone.is_holiday(date);
}

CivilDate next_worked(CivilDate date, const HolidayZone& zone, WorkedDay kind) {
  return worked_towards(date, 1, zone, kind);
}

CivilDate previous_worked(CivilDate date, const HolidayZone& zone, WorkedDay kind) {
  return worked_towards(date, -1, zone, kind);
}

CivilDate add_worked(CivilDate date, int count, const HolidayZone& zone, WorkedDay kind) {
  const int step = count < 0 ? -1 : 1;
  for (int left = count; left != 0; left -= step)
    date = worked_towards(add_days(date, step), step, zone, kind);
  return date;
}

CivilDate roll(CivilDate date, Rollover policy, const HolidayZone& zone) {
  if (policy == Rollover::next_working_day) return next_worked(date, zone);
  if (policy == Rollover::previous_working_day) return previous_worked(date, zone);
  return date;
}

}  // namespace rappel::calendar
