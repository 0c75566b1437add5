// SPDX-License-Identifier: Apache-2.0
#include "planner/bulk_evaluation.hpp"

#include <map>

#include "planner/plan.hpp"
#include "planner/works.hpp"
#include "profile/profile.hpp"

namespace rappel::planner {
namespace {

class Bulk {
 public:
  Bulk(store::Transaction& transaction, const Evaluator& evaluator, Instant now)
      : transaction_(transaction), evaluator_(evaluator), now_(now) {}

  BulkEvaluation run(std::span<const CitizenId> ids) {
    auto citizens = transaction_.citizens(ids);
    for (auto& citizen : citizens) look_at(citizen);
    read_existing();
    for (auto& each : concerned_) plan(each);
    transaction_.upsert(std::span<const Deadline>(deadlines_));
    transaction_.upsert(std::span<const Reminder>(reminders_));
    transaction_.save_evaluations(citizens);
    return std::move(result_);
  }

 private:
  /// A citizen to whom the rules have something new to say.
  struct Concerned {
    TenantId tenant;
    CitizenId id;
    profile::Profile profile;
    CivilDate today{};
    Existing existing{};
  };

  void look_at(store::Citizen& citizen) {
    // The stored profile lacks at most what no rule reads: addresses that turned out to be bad.
    auto profile = profile::profile_from_json(citizen.profile, evaluator_.tenant.zone);
    const auto zone = profile.zone();
    rules::Query query(calendar::to_local(now_, zone).date);
    query.country = evaluator_.tenant.country;
    query.detail = rules::Detail::dates;
    const auto evaluation = evaluator_.rules.evaluate(profile, query);
    const auto digest = evaluator_.rules.digest(evaluation);
    const bool date_reached =
        citizen.reevaluate_at &&
        calendar::to_local(*citizen.reevaluate_at, zone).date <= query.as_of;
    const bool as_before =
        citizen.evaluation == evaluation_mark(digest, citizen.rulebook) && !date_reached;
    const auto before = citizen.reevaluate_at;
    citizen.rulebook = evaluator_.rules.fingerprint();
    citizen.evaluation = evaluation_mark(digest, citizen.rulebook);
    citizen.reevaluate_at.reset();
    if (evaluation.reevaluate_on)
      citizen.reevaluate_at =
          calendar::to_instant(*evaluation.reevaluate_on, evaluator_.reevaluate_at, zone);
    if (citizen.reevaluate_at && (!as_before || citizen.reevaluate_at != before))
      result_.works.push_back(work_of(citizen));
    if (!as_before)
      concerned_.push_back({citizen.tenant, citizen.id, std::move(profile), query.as_of});
  }

  void read_existing() {
    if (concerned_.empty()) return;
    std::vector<CitizenId> ids;
    std::map<CitizenId, Existing*> existing;
    for (auto& each : concerned_) {
      ids.push_back(each.id);
      existing[each.id] = &each.existing;
    }
    for (auto& deadline : transaction_.deadlines(ids))
      existing.at(deadline.citizen)->deadlines.push_back(std::move(deadline));
    // The day before: it is not yet today everywhere.
    const auto since = CivilDate{std::chrono::floor<std::chrono::days>(now_) - std::chrono::days{1}};
    for (auto& reminder : transaction_.reminders(ids, since))
      existing.at(reminder.citizen)->reminders.push_back(std::move(reminder));
  }

  void plan(const Concerned& each) {
    rules::Query query(each.today);
    query.country = evaluator_.tenant.country;
    const auto evaluation = evaluator_.rules.evaluate(each.profile, query);
    auto changes = make_plan(evaluation, each.existing, each.id, each.profile.zone(), now_);
    for (const auto& reminder : changes.reminders) {
      if (auto checked = evaluator_.messages.check(reminder.message, reminder.values); !checked)
        throw std::runtime_error("a re-evaluation was refused: " + to_string(checked.error()));
      if (is_pending(reminder.state)) result_.works.push_back(work_of(each.tenant, reminder));
    }
    if (!changes.deadlines.empty() || !changes.reminders.empty()) ++result_.changed;
    append(deadlines_, changes.deadlines);
    append(reminders_, changes.reminders);
  }

  template <typename T>
  static void append(std::vector<T>& all, std::vector<T>& more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
  }

  store::Transaction& transaction_;
  const Evaluator& evaluator_;
  Instant now_;
  std::vector<Concerned> concerned_;
  std::vector<Deadline> deadlines_;
  std::vector<Reminder> reminders_;
  BulkEvaluation result_;
};

}  // namespace

BulkEvaluation evaluate_all(store::Transaction& transaction, std::span<const CitizenId> citizens,
                            const Evaluator& evaluator, Instant now) {
  return Bulk(transaction, evaluator, now).run(citizens);
}

}  // namespace rappel::planner
