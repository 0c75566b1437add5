// SPDX-License-Identifier: Apache-2.0
#include "dispatch/stages.hpp"

#include <algorithm>
#include <array>

#include "calendar/zone.hpp"
#include "dispatch/ladder.hpp"
#include "dispatch/outcomes.hpp"
#include "dispatch/wording.hpp"

namespace rappel::dispatch {
namespace {

/// A reminder whose policy is `skip` and that is later than this is not sent any more.
constexpr std::chrono::hours misfire_grace{6};
/// How long a reminder waits for a sender that is not there, or a provider that is sick: an eighth of how late it is, within these.
constexpr std::chrono::seconds sender_wait_min{2};
constexpr std::chrono::seconds sender_wait_max{30};

CivilDate today(const Context& context, const Parcel& parcel) {
  return calendar::to_local(context.now, parcel.profile.zone()).date;
}

store::Settlement postpone(const Parcel& parcel, Instant until, std::string reason) {
  // An outcome that nobody knows stays unknown until `choose` settles it.
  const auto to = parcel.claimed.outcome_unknown ? ReminderState::unknown : ReminderState::planned;
  auto settlement = settle(parcel, to, std::move(reason));
  settlement.next_at = until;
  return settlement;
}

/// It was never sent in time. What the law, or a limit of the law, made us plan is told to a human.
store::Settlement expire(const Context& context, const Parcel& parcel, std::string reason) {
  const Reminder& reminder = parcel.claimed.reminder;
  if (reminder.statutory || reminder.lane == Lane::legal_deadline)
    return hand_to_human(parcel, ReminderState::expired, std::move(reason), context.now);
  return settle(parcel, ReminderState::expired, std::move(reason));
}

/// A reminder that has lost its sense is not sent.
Verdict still_valid(const Context& context, Parcel& parcel) {
  const Reminder& reminder = parcel.claimed.reminder;
  if (reminder.expires_at && context.now >= *reminder.expires_at)
    return expire(context, parcel, "expired");
  if (reminder.misfire == Misfire::skip && context.now > reminder.due_at + misfire_grace)
    return settle(parcel, ReminderState::expired, "missed_its_moment");
  if (!parcel.claimed.deadline) return std::nullopt;
  const Deadline& deadline = *parcel.claimed.deadline;
  if (deadline.state != DeadlineState::open)
    return settle(parcel, ReminderState::cancelled,
                  "deadline_" + std::string(to_string(deadline.state)));
  if (std::chrono::sys_days(deadline.due_on) < std::chrono::sys_days(today(context, parcel)))
    return expire(context, parcel, "due_date_past");
  return std::nullopt;
}

/// A citizen may mute any topic but what the law makes us send.
Verdict consent(const Context& context, Parcel& parcel) {
  const Reminder& reminder = parcel.claimed.reminder;
  if (reminder.statutory) return std::nullopt;
  const auto& preferences = parcel.profile.preferences;
  if (preferences.muted_topics.contains(reminder.topic))
    return settle(parcel, ReminderState::suppressed, "topic_muted");
  if (preferences.paused_until &&
      std::chrono::sys_days(*preferences.paused_until) >
          std::chrono::sys_days(today(context, parcel)))
    return settle(parcel, ReminderState::suppressed, "paused_by_citizen");
  return std::nullopt;
}

/// Lets everything pass: caps per citizen and day are not enforced yet (docs/ARCHITECTURE.md).
Verdict cap(const Context&, Parcel&) { return std::nullopt; }

/// The citizen's own quiet hours, in their own zone; a reminder that would lose its sense by
/// waiting goes now.
Verdict quiet_hours(const Context& context, Parcel& parcel) {
  const auto& quiet = parcel.profile.preferences.quiet_hours;
  if (!quiet || quiet->from == quiet->to) return std::nullopt;
  const auto local = calendar::to_local(context.now, parcel.profile.zone());
  const bool over_midnight = quiet->from > quiet->to;
  const bool inside = over_midnight
                          ? local.time_of_day >= quiet->from || local.time_of_day < quiet->to
                          : local.time_of_day >= quiet->from && local.time_of_day < quiet->to;
  if (!inside) return std::nullopt;
  const bool ends_tomorrow = over_midnight && local.time_of_day >= quiet->from;
  const CivilDate end_day{std::chrono::sys_days(local.date) +
                          std::chrono::days{ends_tomorrow ? 1 : 0}};
  Instant end = calendar::to_instant(end_day, quiet->to, parcel.profile.zone());
  // In the second pass of a night's repeated hour the first instant is over: count on the clock.
  if (end <= context.now) end = context.now + (quiet->to - local.time_of_day);
  const auto& expires = parcel.claimed.reminder.expires_at;
  if (expires && end >= *expires) return std::nullopt;
  return postpone(parcel, end, "quiet_hours");
}

/// Lets everything pass: close messages are not joined into one yet (docs/ARCHITECTURE.md).
Verdict digest(const Context&, Parcel&) { return std::nullopt; }

std::chrono::microseconds wait_of_late(const Context& context, const Parcel& parcel) {
  const auto late = context.now - parcel.claimed.reminder.due_at;
  return std::clamp<std::chrono::microseconds>(late / 8, sender_wait_min, sender_wait_max);
}

/// Its provider is paused or sick. A human is told once that is so for long: no other way is open.
Verdict wait_for_provider(const Context& context, const Parcel& parcel, const Route& route) {
  const bool no_hope =
      route.stopped_since && context.now - *route.stopped_since >= sick_channel_limit;
  if (no_hope)
    return hand_to_human(parcel, ReminderState::dead, "provider_sick_for_long", context.now);
  Instant until = std::max(route.again, context.now + wait_of_late(context, parcel));
  const auto& expires = parcel.claimed.reminder.expires_at;
  if (expires) until = std::min(until, *expires);
  return postpone(parcel, until, "provider_paused");
}

/// The way it goes: see course_of().
Verdict choose(const Context& context, Parcel& parcel) {
  auto course = course_of(parcel, context.providers);
  if (course.route == nullptr) {
    const bool never_left = parcel.claimed.series.empty() && !parcel.claimed.outcome_unknown;
    return hand_to_human(parcel, ReminderState::dead,
                         never_left ? "no_usable_channel" : "no_channel_left", context.now);
  }
  if (!course.route->ready) {
    return postpone(parcel, context.now + wait_of_late(context, parcel), "sender_not_ready");
  }
  if (course.waits) return wait_for_provider(context, parcel, *course.route);
  parcel.course = std::move(course);
  parcel.why_channel = explain_channel(parcel);
  return std::nullopt;
}

/// Wording is made at the moment of sending: "in 2 days", never a stale "in 7 days".
Verdict render(const Context& context, Parcel& parcel) {
  auto rendered = context.messages.render(message_request(context.messages, parcel, context.now));
  if (!rendered)
    return hand_to_human(parcel, ReminderState::dead, "cannot_be_worded", context.now);
  parcel.rendered = std::move(*rendered);
  return std::nullopt;
}

constexpr std::array all_stages{
    Stage{"still_valid", still_valid}, Stage{"consent", consent},
    Stage{"cap", cap},                 Stage{"quiet_hours", quiet_hours},
    Stage{"digest", digest},           Stage{"choose", choose},
    Stage{"render", render},
};

}  // namespace

std::span<const Stage> stages() { return all_stages; }

Verdict run_stages(const Context& context, Parcel& parcel) {
  for (const auto& stage : all_stages) {
    if (auto verdict = stage.run(context, parcel)) return verdict;
  }
  return std::nullopt;
}

store::Settlement settle(const Parcel& parcel, ReminderState to, std::string reason) {
  const Reminder& reminder = parcel.claimed.reminder;
  store::Settlement settlement;
  settlement.tenant = parcel.claimed.tenant;
  settlement.reminder = reminder.id;
  settlement.due_at = reminder.due_at;
  settlement.attempt = reminder.attempt;
  settlement.to = to;
  settlement.reason = std::move(reason);
  settlement.next_at = reminder.next_at;
  settlement.channel_index = reminder.channel_index;
  settlement.tries = reminder.tries;
  return settlement;
}

store::Settlement hand_to_human(const Parcel& parcel, ReminderState to, std::string reason,
                                Instant now) {
  auto settlement = settle(parcel, to, reason);
  settlement.task = human_task(parcel.claimed.reminder, std::move(reason), now);
  return settlement;
}

}  // namespace rappel::dispatch
