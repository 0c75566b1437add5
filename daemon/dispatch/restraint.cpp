// SPDX-License-Identifier: Apache-2.0
#include "dispatch/restraint.hpp"

#include <algorithm>

#include "calendar/zone.hpp"
#include "dispatch/quiet.hpp"

namespace rappel::dispatch {
namespace {

using rules::CapClass;

/// Why a message leaves in an hour that was asked to be quiet.
const boost::json::object left_in_quiet_hours{
    {"fr", "Envoyé pendant des heures calmes : plus tard, ce message n'aurait plus servi."},
    {"en", "Sent in quiet hours: later, this message would have been of no use."}};

/// What the law, or a limit of the law, made us plan is never dropped without a human who knows.
bool is_legal(const Reminder& reminder) {
  return reminder.statutory || reminder.lane == Lane::legal_deadline;
}

const std::string& rule_of(const Parcel& parcel) {
  static const std::string none;
  return parcel.claimed.deadline ? parcel.claimed.deadline->rule : none;
}

CapClass cap_class_of(const Context& context, const Parcel& parcel) {
  const Reminder& reminder = parcel.claimed.reminder;
  return dispatch::cap_class_of(context.rules, reminder.statutory, reminder.lane, rule_of(parcel));
}

bool serves_until(const Parcel& parcel, Instant until) {
  const auto useful = useful_until(parcel);
  return !useful || until < *useful;
}

Rest rest_of(const Context& context, const Parcel& parcel) {
  const auto& courtesy = context.manners.of(parcel.tenant.slug);
  const auto& loud = courtesy.quiet_channels;
  Rest rest;
  rest.zone = parcel.profile.zone();
  rest.citizens = parcel.profile.preferences.quiet_hours;
  if (std::find(loud.begin(), loud.end(), parcel.course.route->channel) != loud.end())
    rest.tenants = courtesy.quiet_hours;
  rest.closed_days =
      !courtesy.advice_on_closed_days && cap_class_of(context, parcel) == CapClass::advice;
  rest.hour_after = calendar::to_local(parcel.claimed.reminder.due_at, rest.zone).time_of_day;
  if (rest.closed_days && context.rules != nullptr)
    rest.holidays =
        context.rules->holidays_of(parcel.tenant.country, parcel.profile.departement());
  return rest;
}

/// Every quiet hour cannot be kept. The administration's own hours give way first, then the
/// citizen's; nobody's phone rings for it.
Verdict least_bad_hour(const Context& context, Parcel& parcel, Rest rest) {
  rest.tenants.reset();
  const auto opening = next_opening(rest, context.now);
  if (opening && opening->at > context.now && serves_until(parcel, opening->at))
    return postpone(parcel, opening->at, "quiet_hours");
  const bool wished = opening && opening->at == context.now;
  if (!wished && parcel.course.route->channel == Channel::call)
    return hand_to_human(parcel, ReminderState::suppressed, "no_polite_hour", context.now);
  parcel.why_hour = left_in_quiet_hours;
  return std::nullopt;
}

/// At the hour of its own, on the citizen's next day.
Instant next_day(const Context& context, const Parcel& parcel) {
  const auto zone = parcel.profile.zone();
  const auto today = calendar::to_local(context.now, zone).date;
  const auto hour = calendar::to_local(parcel.claimed.reminder.due_at, zone).time_of_day;
  return calendar::to_instant(CivilDate{std::chrono::sys_days(today) + std::chrono::days{1}}, hour,
                              zone);
}

std::size_t sent_today(const Context& context, const Parcel& parcel, CapClass wanted) {
  const auto zone = parcel.profile.zone();
  const auto today = calendar::to_local(context.now, zone).date;
  return std::size_t(std::count_if(
      parcel.claimed.recent.begin(), parcel.claimed.recent.end(), [&](const auto& recent) {
        return calendar::to_local(recent.at, zone).date == today &&
               dispatch::cap_class_of(context.rules, recent.statutory, recent.lane, recent.rule) ==
                   wanted;
      }));
}

}  // namespace

store::Settlement postpone(const Parcel& parcel, Instant until, std::string reason) {
  // An outcome that nobody knows stays unknown until `choose` settles it.
  const auto to = parcel.claimed.outcome_unknown ? ReminderState::unknown : ReminderState::planned;
  auto settlement = settle(parcel, to, std::move(reason));
  settlement.next_at = until;
  return settlement;
}

std::optional<Instant> useful_until(const Parcel& parcel) {
  const Reminder& reminder = parcel.claimed.reminder;
  auto until = reminder.expires_at.value_or(Instant::max());
  if (parcel.claimed.deadline) {
    const CivilDate day_after{std::chrono::sys_days(parcel.claimed.deadline->due_on) +
                              std::chrono::days{1}};
    until = std::min(until, calendar::to_instant(day_after, std::chrono::minutes{0},
                                                 parcel.profile.zone()));
  }
  if (reminder.misfire == Misfire::skip) until = std::min(until, reminder.due_at + misfire_grace);
  if (until == Instant::max()) return std::nullopt;
  return until;
}

rules::CapClass cap_class_of(const rules::RuleBook* book, bool statutory, Lane lane,
                             const std::string& rule) {
  if (statutory) return CapClass::statutory;
  const auto* known = book == nullptr || rule.empty() ? nullptr : book->find(rule);
  if (known != nullptr) return known->cap_class;
  return lane == Lane::advice ? CapClass::advice : CapClass::service;
}

SilenceSubject silence_subject_of(const Parcel& parcel) {
  return {rule_of(parcel), parcel.course.route->notifier, parcel.profile.departement()};
}

/// A person said that reminders of its kind do not leave now.
Verdict silence(const Context& context, Parcel& parcel) {
  if (parcel.claimed.silences == nullptr || parcel.course.ask_only) return std::nullopt;
  const auto subject = silence_subject_of(parcel);
  std::optional<Instant> until;
  for (const auto& silence : *parcel.claimed.silences) {
    if (silence.tenant == parcel.claimed.tenant && holds(silence, context.now) &&
        matches(silence, subject))
      until = std::max(until.value_or(silence.ends_at), silence.ends_at);
  }
  if (!until) return std::nullopt;
  if (serves_until(parcel, *until)) return postpone(parcel, *until, "silenced");
  if (is_legal(parcel.claimed.reminder))
    return hand_to_human(parcel, ReminderState::suppressed, "silenced", context.now);
  return settle(parcel, ReminderState::suppressed, "silenced");
}

/// So many messages of a class to one citizen in a day of theirs. One that has begun to leave goes on;
/// a limit of the law that cannot wait goes all the same.
Verdict cap(const Context& context, Parcel& parcel) {
  if (!parcel.claimed.series.empty() || parcel.course.ask_only) return std::nullopt;
  const auto& courtesy = context.manners.of(parcel.tenant.slug);
  const CapClass own = cap_class_of(context, parcel);
  if (own == CapClass::statutory) return std::nullopt;
  const auto most = own == CapClass::advice ? courtesy.advice_per_day_max
                                            : courtesy.service_per_day_max;
  if (most == 0 || parcel.claimed.recent.empty() || sent_today(context, parcel, own) < most)
    return std::nullopt;
  const Instant tomorrow = next_day(context, parcel);
  if (serves_until(parcel, tomorrow)) return postpone(parcel, tomorrow, "day_is_full");
  if (is_legal(parcel.claimed.reminder)) return std::nullopt;
  return settle(parcel, ReminderState::suppressed, "day_is_full");
}

/// The quiet hours of the citizen and of the administration, and the days when its advice rests, on
/// the citizen's own clock.
Verdict quiet_hours(const Context& context, Parcel& parcel) {
  if (parcel.course.ask_only) return std::nullopt;
  const Rest rest = rest_of(context, parcel);
  const auto opening = next_opening(rest, context.now);
  if (opening && opening->at == context.now) return std::nullopt;
  if (opening && serves_until(parcel, opening->at))
    return postpone(parcel, opening->at, std::string(opening->reason));
  if (cap_class_of(context, parcel) == CapClass::advice && !is_legal(parcel.claimed.reminder))
    return settle(parcel, ReminderState::suppressed, "no_hour_left");
  return least_bad_hour(context, parcel, rest);
}

}  // namespace rappel::dispatch
