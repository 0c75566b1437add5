// SPDX-License-Identifier: Apache-2.0
#include "rules/evaluate.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "rules/done.hpp"
#include "rules/explanation.hpp"
#include "rules/stages.hpp"
#include "rules/steps.hpp"
#include "rules/turns.hpp"

namespace rappel::rules {
namespace {

namespace json = boost::json;
using calendar::add_days;
/// A date and how it was reached.
struct Derived {
  CivilDate base{};  ///< where the delay starts
  CivilDate date{};
  json::array arithmetic;
};

/// A limit before it is moved from a closed day.
struct Limit {
  CivilDate raw{};
  std::optional<CivilDate> opens_on;
  json::object opening;  ///< what that day is, in words
  CivilDate earliest{};  ///< no reminder and no safe day before this one
  std::string subject, occurrence;
  json::array conditions;
  json::array arithmetic;
};

CivilDate long_before(CivilDate date) {
  return calendar::add(date, {-200, 0, 0});
}

/// How far before its limit the day of a turn may lie.
constexpr int turn_lead_days = 400;
constexpr int turns_max = 800;  ///< of one rule that are looked at in one evaluation

/// One rule on one citizen.
class Application {
 public:
  Application(const Rule& rule, const calendar::HolidayZone& zone, Detail detail, Evaluation& into)
      : rule_(rule), program_(*rule.program), zone_(zone), detail_(detail), into_(into) {}

  void run(Context& context, const std::string& subject, const std::string& occurrence) {
    context.rule = rule_.id;
    context.subject = subject;
    watch(next_change(program_.when, context), context);
    if (!holds(program_.when, context)) return;
    if (program_.turns) return run_turns(context, subject);
    auto due = derive(program_.due, context);
    if (!due) return;
    Limit limit;
    limit.raw = due->date;
    if (program_.suspension) suspend(context, *due, limit);
    // A date taken as it stands has no start of its own; opens_on may give it one.
    limit.earliest = due->base < due->date ? due->base : long_before(due->date);
    limit.subject = subject;
    limit.occurrence = occurrence;
    limit.conditions = std::move(branch_conditions_);
    branch_conditions_ = {};
    limit.arithmetic = std::move(due->arithmetic);
    settle(context, std::move(limit));
  }

  void run_campaign(const Context& citizen) {
    const int this_year = int(citizen.as_of.year());
    bool told = false;
    for (const int year : {this_year, this_year + 1}) {
      Context context = citizen;
      context.rule = rule_.id;
      context.year = year;
      watch(next_change(program_.when, context), context);
      if (!holds(program_.when, context)) continue;
      const auto* dates = program_.campaign->campaign->year(year);
      if (dates != nullptr) {
        told = run_year(context, *dates) || told;
      } else if (!told && !published_after(year)) {
        note_unpublished(context);
        told = true;
      }
    }
  }

 private:
  /// The turns that are over and still listed, and the first that is not over.
  void run_turns(Context& context, const std::string& subject) {
    const Turns& turns = *program_.turns;
    std::optional<CivilDate> first;
    if (turns.first) {
      const auto begin = derive(*turns.first, context);
      if (!begin) return;
      first = begin->date;
    }
    const CivilDate oldest = calendar::add(context.as_of, -program_.grace);
    // A month more, for steps that lead from the day that comes back to its limit.
    auto day = next_turn(turns, context, first, add_days(oldest, -turn_lead_days));
    CivilDate before = long_before(context.as_of);
    for (int count = 0; day && count < turns_max; ++count) {
      const auto following = next_turn(turns, context, first, *day);
      Limit limit = limit_of_turn(turns, context, *day);
      limit.subject = subject;
      limit.earliest = add_days(before, 1);
      before = limit.raw;
      const CivilDate due_on = calendar::roll(limit.raw, program_.rollover, zone_);
      if (due_on >= oldest) {
        Context one = context;
        bound_turn(one, limit, following ? std::optional(limit_of_turn(turns, context, *following).raw)
                                         : std::nullopt);
        settle(one, std::move(limit));
      }
      // Done or not: the turn after it is told from the next day on.
      if (due_on >= context.as_of && following) watch(add_days(due_on, 1), context);
      if (due_on >= context.as_of) return;
      day = following;
    }
  }

  Limit limit_of_turn(const Turns& turns, const Context& context, CivilDate day) const {
    Limit limit;
    limit.raw = day;
    limit.occurrence = to_iso(day);
    if (full())
      limit.arithmetic.push_back(arithmetic_step(show_both(turns.text, context), day, day));
    for (const auto& step : turns.steps) {
      const CivilDate reached = take(step, limit.raw, context, zone_);
      if (full())
        limit.arithmetic.push_back(arithmetic_step(show_both(step.text, context), limit.raw, reached));
      limit.raw = reached;
    }
    return limit;
  }

  /// What is declared from the opening of the next turn on is of the next turn.
  void bound_turn(Context& context, const Limit& limit, std::optional<CivilDate> next_limit) {
    context.counts_until = limit.raw;
    if (!program_.opens || !next_limit) return;
    Context next = context;
    next.due_on = next_limit;
    if (const auto opening = derive(*program_.opens, next))
      context.counts_until = add_days(opening->date, -1);
  }

  void suspend(const Context& context, Derived& due, Limit& limit) const {
    const CivilDate end = suspended(due.base, due.date, *context.claim);
    if (end == due.date) return;
    if (full())
      due.arithmetic.push_back(
          arithmetic_step(show_both(*program_.suspension, context), due.date, end));
    limit.raw = due.date = end;
  }

  [[nodiscard]] bool full() const { return detail_ == Detail::full; }

  /// Whether this year's campaign is still to come or under way.
  bool run_year(Context& context, const Campaign::Year& dates) {
    const auto due =
        dates.due_on.find(std::string(program_.campaign->campaign->zone_of(context.departement)));
    if (due == dates.due_on.end()) return false;
    Limit limit;
    limit.raw = due->second;
    limit.opens_on = dates.opens_on;
    limit.earliest = dates.opens_on.value_or(CivilDate{due->second.year() / 1 / 1});
    limit.occurrence = std::to_string(context.year);
    context.due_on = due->second;
    if (full())
      limit.arithmetic.push_back(
          arithmetic_step(show_both(program_.campaign->text, context), due->second, due->second));
    settle(context, std::move(limit));
    return due->second >= context.as_of;
  }

  /// A campaign that runs over the new year stands under the later one.
  bool published_after(int year) const {
    return program_.campaign->campaign->year(year + 1) != nullptr;
  }

  void note_unpublished(const Context& context) {
    const int as_of_year = int(context.as_of.year());
    // Next year's dates cannot be there before it begins; this year's may come any month.
    const CivilDate next_month{
        (std::chrono::year_month{context.as_of.year(), context.as_of.month()} +
         std::chrono::months{1}) /
        1};
    const CivilDate check =
        context.year > as_of_year ? CivilDate{std::chrono::year{context.year} / 1 / 1} : next_month;
    into_.notes.push_back(
        {rule_.id, show(program_.campaign->not_published.fr, context, Language::fr),
         show(program_.campaign->not_published.en, context, Language::en), check});
    watch(check, context);
  }

  std::optional<Derived> derive(const Derivation& derivation, const Context& context) {
    for (const auto& branch : derivation.branches) {
      watch(next_change(branch.when, context), context);
      if (!holds(branch.when, context)) continue;
      const auto from = branch.from->get(context);
      if (!from.known()) return std::nullopt;
      Derived derived{date_of(from), date_of(from), {}};
      if (full() && !branch.text.fr.empty())
        derived.arithmetic.push_back(
            arithmetic_step(show_both(branch.text, context), derived.date, derived.date));
      for (const auto& step : branch.steps) {
        const CivilDate reached = take(step, derived.date, context, zone_);
        if (full())
          derived.arithmetic.push_back(
              arithmetic_step(show_both(step.text, context), derived.date, reached));
        derived.date = reached;
      }
      branch_conditions_.clear();
      if (full()) explain(branch.when, context, branch_conditions_);
      return derived;
    }
    return std::nullopt;
  }

  void settle(Context& context, Limit limit) {
    PlannedDeadline deadline;
    deadline.due_on = calendar::roll(limit.raw, program_.rollover, zone_);
    if (context.as_of > calendar::add(deadline.due_on, program_.grace)) return;
    deadline.subject = limit.subject;
    deadline.occurrence = limit.occurrence;
    context.due_on = deadline.due_on;
    set_opening(context, limit);
    deadline.opens_on = limit.opens_on;
    deadline.safe_on = safe_day(limit, deadline.due_on);
    context.safe_on = deadline.safe_on;
    if (!context.counts_from) context.counts_from = limit.earliest;
    deadline.state = state_of(context, deadline);
    watch(next_change(program_.satisfied, context), context);
    for (const auto& step : program_.next_steps) watch(next_change(step.when, context), context);
    fill(context, limit, deadline);
    const bool open = deadline.state == DeadlineState::open;
    if (open)
      deadline.stages = plan_stages(program_.stages, context, limit.earliest,
                                    deadline.safe_on.value_or(deadline.due_on));
    watch(add_days(open ? deadline.due_on : calendar::add(deadline.due_on, program_.grace), 1),
          context);
    into_.deadlines.push_back(std::move(deadline));
  }

  void set_opening(Context& context, Limit& limit) {
    if (program_.opens) {
      if (auto opening = derive(*program_.opens, context)) {
        limit.opens_on = opening->date;
        if (!opening->arithmetic.empty())
          limit.opening = opening->arithmetic.back().at("text").as_object();
      }
    }
    // An opening that is not before its limit is no window.
    if (limit.opens_on && *limit.opens_on > limit.raw) limit.opens_on.reset();
    if (limit.opens_on) limit.earliest = std::max(limit.earliest, *limit.opens_on);
    context.opens_on = limit.opens_on;
  }

  std::optional<CivilDate> safe_day(const Limit& limit, CivilDate due_on) const {
    if (program_.milestone) return std::nullopt;
    const CivilDate safe = calendar::previous_worked(limit.raw, zone_);
    if (safe == limit.raw || safe == due_on || safe < limit.earliest) return std::nullopt;
    return safe;
  }

  bool satisfied(const Context& context) const {
    return !program_.satisfied.empty() && holds(program_.satisfied, context);
  }
  DeadlineState state_of(const Context& context, const PlannedDeadline& deadline) const {
    const bool met = satisfied(context) ||
                     marked_done(context, program_.scope, deadline.subject, deadline.occurrence, deadline.due_on);
    if (met) return DeadlineState::met;
    if (context.as_of <= deadline.due_on) return DeadlineState::open;
    return program_.milestone ? DeadlineState::met : DeadlineState::missed;
  }

  void fill(const Context& context, Limit& limit, PlannedDeadline& deadline) const {
    deadline.rule = rule_.id;
    deadline.version = rule_.version;
    deadline.topic = rule_.topic;
    deadline.statutory = rule_.statutory;
    deadline.lane = rule_.lane;
    deadline.misfire = rule_.misfire;
    if (!full()) return;
    for (const auto& value : program_.values) {
      auto known = fact_json(*value.fact, context);
      if (!known.is_null()) deadline.values[value.name] = std::move(known);
    }
    json::array conditions;
    explain(program_.when, context, conditions);
    for (auto& condition : limit.conditions) conditions.push_back(std::move(condition));
    if (deadline.due_on != limit.raw)
      limit.arithmetic.push_back(rolled_step(limit.raw, deadline.due_on));
    if (deadline.safe_on && deadline.state == DeadlineState::open)
      limit.arithmetic.push_back(safe_step(deadline.due_on, *deadline.safe_on));
    deadline.explanation =
        rules::explain(rule_, context, std::move(conditions), std::move(limit.arithmetic));
    if (deadline.opens_on && !limit.opening.empty())
      deadline.explanation["opening"] = std::move(limit.opening);
    if (deadline.state == DeadlineState::open || (program_.milestone && !satisfied(context)))
      add_next_step(program_, context, deadline.explanation);
  }

  void watch(std::optional<CivilDate> day, const Context& context) {
    if (!day || *day <= context.as_of) return;
    if (!into_.reevaluate_on || *day < *into_.reevaluate_on) into_.reevaluate_on = day;
  }

  const Rule& rule_;
  const Program& program_;
  const calendar::HolidayZone& zone_;
  Detail detail_;
  Evaluation& into_;
  json::array branch_conditions_;  ///< of the case that the last derivation took
};

/// Applies the rule to each item of a list, put into the context through `member`.
template <typename Item>
void run_each(Application& application, const std::vector<Item>& items,
              const Item* Context::*member, const Context& context) {
  for (const auto& item : items) {
    Context one = context;
    one.*member = &item;
    application.run(one, item.id, "");
  }
}

void run_events(Application& application, const Rule& rule, const profile::Profile& profile,
                const Context& context) {
  const auto& types = rule.program->events;
  for (const auto& happening : profile.happenings) {
    if (std::find(types.begin(), types.end(), happening.type) == types.end()) continue;
    Context one = context;
    one.happening = &happening;
    application.run(one, happening.id, "");
  }
}

/// A claim may be asked for documents more than once: the day of the letter tells them apart, and
/// the number of the letter those of one day.
void run_requests(Application& application, const profile::Profile& profile, Context context) {
  for (const auto& claim : profile.claims) {
    for (std::size_t i = 0; i < claim.requests.size(); ++i) {
      const auto same_day = std::count_if(
          claim.requests.begin(), claim.requests.begin() + std::ptrdiff_t(i),
          [&](const auto& other) { return other.requested_on == claim.requests[i].requested_on; });
      Context one = context;
      one.claim = &claim;
      one.request = &claim.requests[i];
      const auto day = to_iso(claim.requests[i].requested_on);
      application.run(one, claim.id,
                      same_day == 0 ? day : day + "/" + std::to_string(same_day + 1));
    }
  }
}

bool in_force(const Rule& rule, CivilDate as_of, Evaluation& into) {
  const auto watch = [&](CivilDate day) {
    if (day > as_of && (!into.reevaluate_on || day < *into.reevaluate_on)) into.reevaluate_on = day;
  };
  if (rule.valid_from) watch(*rule.valid_from);
  if (rule.valid_to) watch(add_days(*rule.valid_to, 1));
  return (!rule.valid_from || as_of >= *rule.valid_from) &&
         (!rule.valid_to || as_of <= *rule.valid_to);
}

}  // namespace

void evaluate_rule(const Rule& rule, const calendar::HolidayZone& zone, const Context& citizen,
                   Detail detail, Evaluation& into) {
  if (!in_force(rule, citizen.as_of, into)) return;
  const auto& profile = citizen.profile;
  Context context = citizen;
  Application application(rule, zone, detail, into);
  const auto& program = *rule.program;
  if (program.campaign) return application.run_campaign(context);
  switch (program.scope) {
    case Scope::citizen:
      return application.run(context, "", "");
    case Scope::document:
      return run_each(application, profile.documents, &Context::document, context);
    case Scope::child:
      return run_each(application, profile.children, &Context::child, context);
    case Scope::vehicle:
      return run_each(application, profile.vehicles, &Context::vehicle, context);
    case Scope::benefit:
      return run_each(application, profile.benefits, &Context::benefit, context);
    case Scope::claim:
      return run_each(application, profile.claims, &Context::claim, context);
    case Scope::request:
      return run_requests(application, profile, context);
    case Scope::event:
      return run_events(application, rule, profile, context);
  }
}

}  // namespace rappel::rules
