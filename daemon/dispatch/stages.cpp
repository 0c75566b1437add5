// SPDX-License-Identifier: Apache-2.0
#include "dispatch/stages.hpp"

#include <algorithm>
#include <array>

#include "calendar/zone.hpp"
#include "dispatch/ladder.hpp"
#include "dispatch/outcomes.hpp"
#include "dispatch/restraint.hpp"
#include "dispatch/wording.hpp"

namespace rappel::dispatch {
namespace {

/// How long a reminder waits for a sender that is not there: an eighth of how late it is, within these.
constexpr std::chrono::seconds sender_wait_min{2};
constexpr std::chrono::seconds sender_wait_max{30};

CivilDate today(const Context& context, const Parcel& parcel) {
  return calendar::to_local(context.now, parcel.profile.zone()).date;
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

std::string_view why_paused(const profile::Pause& pause) {
  if (pause.by_caseworker) return "paused_by_caseworker";
  return pause.topic.empty() ? "paused_by_citizen" : "topic_paused_by_citizen";
}

/// A citizen may mute any topic and pause all, and a caseworker may pause a citizen, but for what the
/// law makes us send. The ladder keeps to the channels that the citizen agreed to.
Verdict consent(const Context& context, Parcel& parcel) {
  const Reminder& reminder = parcel.claimed.reminder;
  if (reminder.statutory) return std::nullopt;
  const auto& preferences = parcel.profile.preferences;
  if (preferences.muted_topics.contains(reminder.topic))
    return settle(parcel, ReminderState::suppressed, "topic_muted");
  const auto day = std::chrono::sys_days(today(context, parcel));
  if (preferences.paused_until && std::chrono::sys_days(*preferences.paused_until) > day)
    return settle(parcel, ReminderState::suppressed, "paused_by_citizen");
  for (const auto& pause : parcel.profile.pauses) {
    if (std::chrono::sys_days(pause.until) > day &&
        (pause.topic.empty() || pause.topic == reminder.topic))
      return settle(parcel, ReminderState::suppressed, std::string(why_paused(pause)));
  }
  return std::nullopt;
}

/// Lets everything pass: close messages are not joined into one yet (docs/ARCHITECTURE.md).
Verdict digest(const Context&, Parcel&) { return std::nullopt; }

/// The way it goes: see course_of().
Verdict choose(const Context& context, Parcel& parcel) {
  auto course = course_of(parcel, context.routes);
  if (course.route == nullptr) {
    const bool never_left = parcel.claimed.series.empty() && !parcel.claimed.outcome_unknown;
    return hand_to_human(parcel, ReminderState::dead,
                         never_left ? "no_usable_channel" : "no_channel_left", context.now);
  }
  if (!course.route->ready) {
    const auto late = context.now - parcel.claimed.reminder.due_at;
    const auto wait = std::clamp<std::chrono::microseconds>(late / 8, sender_wait_min, sender_wait_max);
    return postpone(parcel, context.now + wait, "sender_not_ready");
  }
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
    Stage{"choose", choose},           Stage{"silence", silence},
    Stage{"cap", cap},                 Stage{"quiet_hours", quiet_hours},
    Stage{"digest", digest},           Stage{"render", render},
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
