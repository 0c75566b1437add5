// SPDX-License-Identifier: Apache-2.0
#include "planner/plan.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>

namespace rappel::planner {
namespace {

using rules::PlannedDeadline;
using rules::PlannedStage;

/// What is stored of a deadline's reminders, apart by whether they speak of its last day as it is now
/// (and of a stage that it still has).
struct Known {
  std::vector<const Reminder*> of_this_day, of_another;
};

bool has_left(ReminderState state) {
  return state == ReminderState::sent || state == ReminderState::delivered ||
         state == ReminderState::in_flight || state == ReminderState::unknown;
}

bool before(CivilDate a, CivilDate b) { return std::chrono::sys_days(a) < std::chrono::sys_days(b); }

CivilDate day_after(CivilDate date, int days = 1) {
  return CivilDate{std::chrono::sys_days(date) + std::chrono::days{days}};
}

Deadline deadline_of(const PlannedDeadline& wanted, CitizenId citizen, CivilDate today) {
  Deadline deadline;
  deadline.id = deadline_id_of(citizen, wanted.rule, wanted.subject, wanted.occurrence);
  deadline.citizen = citizen;
  deadline.rule = wanted.rule;
  deadline.rule_version = wanted.version;
  deadline.subject = wanted.subject;
  deadline.occurrence = wanted.occurrence;
  deadline.opens_on = wanted.opens_on;
  deadline.due_on = wanted.due_on;
  deadline.safe_on = wanted.safe_on;
  deadline.state = wanted.state;
  if (deadline.state == DeadlineState::open && before(wanted.due_on, today))
    deadline.state = DeadlineState::missed;
  deadline.statutory = wanted.statutory;
  deadline.topic = wanted.topic;
  deadline.explanation = wanted.explanation;
  return deadline;
}

bool same(const Deadline& a, const Deadline& b) {
  return a.rule_version == b.rule_version && a.opens_on == b.opens_on && a.due_on == b.due_on &&
         a.safe_on == b.safe_on && a.state == b.state && a.statutory == b.statutory &&
         a.topic == b.topic && a.explanation == b.explanation;
}

bool same(const Reminder& a, const Reminder& b) {
  return a.due_at == b.due_at && a.expires_at == b.expires_at && a.due_on == b.due_on &&
         a.message == b.message && a.topic == b.topic && a.lane == b.lane &&
         a.statutory == b.statutory && a.misfire == b.misfire && a.values == b.values &&
         a.state == b.state;
}

/// The planner's work on one citizen: small state, one pass.
class Planning {
 public:
  Planning(const Existing& existing, std::span<const std::string_view> left_out, CitizenId citizen,
           const calendar::Zone& zone, Instant now)
      : existing_(existing),
        left_out_(left_out),
        citizen_(citizen),
        zone_(zone),
        now_(now),
        today_(calendar::to_local(now, zone).date) {}

  void want(const PlannedDeadline& wanted) {
    const Deadline deadline = deadline_of(wanted, citizen_, today_);
    wanted_.insert(deadline.id);
    const auto* known = find(deadline.id);
    if (known == nullptr || !same(*known, deadline)) plan_.deadlines.push_back(deadline);
    if (deadline.state == DeadlineState::open) {
      plan_stages(deadline, wanted);
    } else {
      close_reminders(deadline.id, "deadline_" + std::string(to_string(deadline.state)));
    }
  }

  /// Deadlines that no rule wants any more.
  void withdraw_the_rest() {
    for (const auto& known : existing_.deadlines) {
      if (wanted_.contains(known.id) || known.state != DeadlineState::open) continue;
      if (left_out(known.rule)) continue;
      Deadline gone = known;
      gone.state = before(known.due_on, today_) ? DeadlineState::missed : DeadlineState::withdrawn;
      close_reminders(gone.id, "deadline_" + std::string(to_string(gone.state)));
      plan_.deadlines.push_back(std::move(gone));
    }
  }

  Plan take() { return std::move(plan_); }

 private:
  /// Its rule was not asked: what is stored of it stays true.
  bool left_out(const std::string& rule) const {
    return std::binary_search(left_out_.begin(), left_out_.end(), rule);
  }

  const Deadline* find(DeadlineId id) const {
    const auto found = std::find_if(existing_.deadlines.begin(), existing_.deadlines.end(),
                                    [&](const Deadline& known) { return known.id == id; });
    return found == existing_.deadlines.end() ? nullptr : &*found;
  }

  std::vector<const Reminder*> reminders_of(DeadlineId id) const {
    std::vector<const Reminder*> found;
    for (const auto& reminder : existing_.reminders) {
      if (reminder.deadline == id) found.push_back(&reminder);
    }
    return found;
  }

  /// Reminders speak of one limit: when it moves, what was planned for the old one is closed, and
  /// the new one gets rows of its own.
  void plan_stages(const Deadline& deadline, const PlannedDeadline& wanted) {
    std::set<std::string> stages;
    for (const auto& stage : wanted.stages) stages.insert(stage.name);
    Known known;
    for (const auto* reminder : reminders_of(deadline.id)) {
      if (reminder->due_on == deadline.due_on && stages.contains(reminder->stage)) {
        known.of_this_day.push_back(reminder);
      } else {
        known.of_another.push_back(reminder);
        close(*reminder, stages.contains(reminder->stage) ? "date_moved" : "stage_gone");
      }
    }
    for (const auto& stage : wanted.stages) {
      if (const auto at = instant_of(stage, wanted, known))
        plan_stage(deadline, wanted, stage, *at, known.of_this_day);
    }
  }

  /// When a stage leaves; nothing for one whose day is past.
  std::optional<Instant> instant_of(const PlannedStage& stage, const PlannedDeadline& wanted,
                                    const Known& known) const {
    const Instant at = calendar::to_instant(stage.on, stage.at, zone_);
    if (at >= now_) return at;
    // A pending stage whose own day is past keeps the opportunity it was given.
    for (const auto* reminder : known.of_this_day) {
      if (reminder->stage == stage.name && is_pending(reminder->state)) return reminder->due_at;
    }
    if (!known.of_this_day.empty() || wanted.misfire == Misfire::skip) return std::nullopt;
    if (latest_past_stage(wanted) != &stage || was_told_enough(wanted, known)) return std::nullopt;
    return next_opportunity(stage, wanted);
  }

  /// Whether a message has left that asked for it by this day or earlier: a limit that moves on needs no
  /// message of its own at once, one that comes nearer does.
  static bool was_told_enough(const PlannedDeadline& wanted, const Known& known) {
    return std::any_of(known.of_another.begin(), known.of_another.end(),
                       [&](const Reminder* reminder) {
                         return has_left(reminder->state) && reminder->due_on &&
                                !before(wanted.due_on, *reminder->due_on);
                       });
  }

  const PlannedStage* latest_past_stage(const PlannedDeadline& wanted) const {
    const PlannedStage* latest = nullptr;
    for (const auto& stage : wanted.stages) {
      if (calendar::to_instant(stage.on, stage.at, zone_) >= now_) continue;
      if (latest == nullptr || !before(stage.on, latest->on)) latest = &stage;
    }
    return latest;
  }

  /// Today at the stage's hour, or tomorrow; not on or after the day of the next stage, which then
  /// says it all, and not after the due date.
  std::optional<Instant> next_opportunity(const PlannedStage& stage,
                                          const PlannedDeadline& wanted) const {
    Instant at = calendar::to_instant(today_, stage.at, zone_);
    CivilDate day = today_;
    if (at < now_) {
      day = day_after(today_);
      at = calendar::to_instant(day, stage.at, zone_);
    }
    if (before(wanted.due_on, day)) return std::nullopt;
    for (const auto& other : wanted.stages) {
      if (before(stage.on, other.on) && !before(day, other.on)) return std::nullopt;
    }
    return at;
  }

  void plan_stage(const Deadline& deadline, const PlannedDeadline& wanted,
                  const PlannedStage& stage, Instant at,
                  const std::vector<const Reminder*>& known) {
    const Reminder* pending = nullptr;
    for (const auto* reminder : known) {
      if (reminder->stage != stage.name) continue;
      if (is_pending(reminder->state)) {
        pending = reminder;
      } else if (reminder->state != ReminderState::cancelled ||
                 reminder->state_reason == withdrawn_by_caseworker) {
        return;  // it has left for this very date, or a person took it back
      }
    }
    Reminder reminder;
    if (pending != nullptr) reminder = *pending;
    fill(reminder, deadline, wanted, stage, at);
    if (pending == nullptr) {
      reminder.id = free_id(deadline, stage, known);
      reminder.state = ReminderState::planned;
      reminder.next_at = at;
    } else if (pending->due_at != at) {
      reminder.next_at = at;
    }
    if (pending == nullptr || !same(*pending, reminder)) plan_.reminders.push_back(reminder);
  }

  /// A closed row stays closed: a deadline that opens again gets rows of its own.
  static ReminderId free_id(const Deadline& deadline, const PlannedStage& stage,
                            const std::vector<const Reminder*>& known) {
    for (int turn = 0;; ++turn) {
      const std::string name = stage.name + (turn == 0 ? "" : "#" + std::to_string(turn));
      const auto id = reminder_id_of(deadline.id, name, deadline.due_on);
      if (std::none_of(known.begin(), known.end(),
                       [&](const Reminder* reminder) { return reminder->id == id; }))
        return id;
    }
  }

  void fill(Reminder& reminder, const Deadline& deadline, const PlannedDeadline& wanted,
            const PlannedStage& stage, Instant at) const {
    reminder.citizen = citizen_;
    reminder.deadline = deadline.id;
    reminder.stage = stage.name;
    reminder.message = stage.message;
    reminder.topic = wanted.topic;
    reminder.lane = wanted.lane;
    reminder.statutory = wanted.statutory;
    reminder.misfire = wanted.misfire;
    reminder.due_at = at;
    reminder.expires_at =
        calendar::to_instant(day_after(deadline.due_on), std::chrono::minutes{0}, zone_);
    reminder.due_on = deadline.due_on;
    reminder.values = wanted.values;
  }

  void close_reminders(DeadlineId id, const std::string& reason) {
    for (const auto* reminder : reminders_of(id)) close(*reminder, reason);
  }

  void close(const Reminder& reminder, const std::string& reason) {
    if (!is_pending(reminder.state) && reminder.state != ReminderState::unknown) return;
    Reminder closed = reminder;
    closed.state = ReminderState::cancelled;
    closed.state_reason = reason;
    plan_.reminders.push_back(std::move(closed));
  }

  const Existing& existing_;
  std::span<const std::string_view> left_out_;
  CitizenId citizen_;
  const calendar::Zone& zone_;
  Instant now_;
  CivilDate today_;
  std::set<DeadlineId> wanted_;
  Plan plan_;
};

}  // namespace

Plan make_plan(const rules::Evaluation& wanted, const Existing& existing, CitizenId citizen,
               const calendar::Zone& zone, Instant now) {
  Planning planning(existing, wanted.left_out, citizen, zone, now);
  for (const auto& deadline : wanted.deadlines) planning.want(deadline);
  planning.withdraw_the_rest();
  return planning.take();
}

}  // namespace rappel::planner
