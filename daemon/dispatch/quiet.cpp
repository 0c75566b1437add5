// SPDX-License-Identifier: Apache-2.0
#include "dispatch/quiet.hpp"

namespace rappel::dispatch {
namespace {

using calendar::to_instant;
using calendar::to_local;
using std::chrono::days;
using std::chrono::sys_days;

/// When quiet hours end that hold at `at`; nothing when none do.
std::optional<Instant> end_of(const std::optional<profile::QuietHours>& quiet, Instant at,
                              const calendar::Zone& zone) {
  if (!quiet || quiet->from == quiet->to) return std::nullopt;
  const auto local = to_local(at, zone);
  const bool over_midnight = quiet->from > quiet->to;
  const bool inside = over_midnight
                          ? local.time_of_day >= quiet->from || local.time_of_day < quiet->to
                          : local.time_of_day >= quiet->from && local.time_of_day < quiet->to;
  if (!inside) return std::nullopt;
  const bool ends_tomorrow = over_midnight && local.time_of_day >= quiet->from;
  const CivilDate end_day{sys_days(local.date) + days{ends_tomorrow ? 1 : 0}};
  const Instant end = to_instant(end_day, quiet->to, zone);
  // In the second pass of a night's repeated hour the first instant is over: count on the clock.
  return end > at ? end : at + (quiet->to - local.time_of_day);
}

std::string_view why_closed(const Rest& rest, CivilDate day) {
  if (!rest.closed_days) return {};
  if (std::chrono::weekday(sys_days(day)) == std::chrono::Sunday) return "sunday";
  if (rest.holidays != nullptr && rest.holidays->is_holiday(day)) return "public_holiday";
  return {};
}

/// What keeps `at` quiet, and until when.
std::optional<Opening> quiet_at(const Rest& rest, Instant at) {
  if (const auto end = end_of(rest.citizens, at, rest.zone)) return Opening{*end, "quiet_hours"};
  if (const auto end = end_of(rest.tenants, at, rest.zone))
    return Opening{*end, "tenant_quiet_hours"};
  const auto today = to_local(at, rest.zone).date;
  if (const auto why = why_closed(rest, today); !why.empty())
    return Opening{to_instant(CivilDate{sys_days(today) + days{1}}, rest.hour_after, rest.zone),
                   why};
  return std::nullopt;
}

}  // namespace

std::optional<Opening> next_opening(const Rest& rest, Instant from) {
  Opening opening{from, {}};
  while (opening.at < from + days{opening_days_max}) {
    const auto quiet = quiet_at(rest, opening.at);
    if (!quiet) return opening;
    opening.at = quiet->at;
    // The first of several reasons is the one that a person would name.
    if (opening.reason.empty()) opening.reason = quiet->reason;
  }
  return std::nullopt;
}

}  // namespace rappel::dispatch
