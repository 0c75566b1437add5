// SPDX-License-Identifier: Apache-2.0
#include "rules/steps.hpp"

#include <algorithm>

#include "calendar/anchors.hpp"

namespace rappel::rules {
namespace {

struct Pause {
  CivilDate from, until;  ///< `until` is the first day on which the clock runs again
};

std::vector<Pause> pauses_of(const profile::Claim& claim) {
  std::vector<Pause> pauses;
  for (const auto& request : claim.requests) {
    const CivilDate until =
        request.received_on ? std::min(*request.received_on, request.due_on) : request.due_on;
    if (until > request.requested_on) pauses.push_back({request.requested_on, until});
  }
  std::sort(pauses.begin(), pauses.end(),
            [](const Pause& a, const Pause& b) { return a.from < b.from; });
  return pauses;
}

CivilDate end_of_quarter(CivilDate date) {
  const unsigned month = (unsigned(date.month()) + 2) / 3 * 3;
  return calendar::day_of_month(date.year() / month / 1, 31);
}

}  // namespace

CivilDate take(const Step& step, CivilDate from, const Context& context,
               const calendar::HolidayZone& zone) {
  switch (step.kind) {
    case Step::Kind::delay:
      return calendar::add(from, step.period, step.method);
    case Step::Kind::claim_delay: {
      const bool own = context.claim != nullptr && context.claim->decision_delay;
      return calendar::add(from, own ? *context.claim->decision_delay : step.period, step.method);
    }
    case Step::Kind::worked_days:
      return calendar::add_worked(from, step.count, zone, step.worked);
    case Step::Kind::day_of_month:
      return calendar::day_of_month(from, step.count);
    case Step::Kind::date_in_year:
      return calendar::date_in_year(from, step.day.month(),
                                    int(unsigned(step.day.day())), step.count);
    case Step::Kind::weekday_before:
      return calendar::nth_weekday_before(from, step.weekday, step.count);
    case Step::Kind::quarter_end:
      return end_of_quarter(from);
    case Step::Kind::franc:
      break;
  }
  return calendar::add_days(from, 1);
}

CivilDate suspended(CivilDate start, CivilDate end, const profile::Claim& claim) {
  CivilDate counted = start;  // days before this one have been paused or have run
  for (const auto& pause : pauses_of(claim)) {
    if (pause.from > end) break;
    const CivilDate from = std::max(pause.from, counted);
    if (pause.until <= from) continue;
    end = calendar::add_days(end, calendar::days_between(from, pause.until));
    counted = pause.until;
  }
  return end;
}

}  // namespace rappel::rules
