// SPDX-License-Identifier: Apache-2.0
#include "planner/planner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "planner/bulk_evaluation.hpp"
#include "planner/event_request.hpp"
#include "planner/fields.hpp"
#include "planner/idempotency.hpp"
#include "planner/json_view.hpp"
#include "planner/plan.hpp"
#include "planner/schedule_request.hpp"
#include "planner/what_if.hpp"
#include "planner/works.hpp"
#include "profile/profile.hpp"
#include "profile/area.hpp"
#include "profile/vocabulary.hpp"

namespace rappel::planner {
namespace {

Problem unknown_citizen() {
  return {ProblemKind::not_found, "unknown_citizen", "no citizen has this reference", "",
          "create the citizen first: PUT /v1/citizens/{ref}"};
}

Expected<void> check_reference(const std::string& reference) {
  const bool printable = std::all_of(reference.begin(), reference.end(), [](unsigned char c) {
    return c > 0x20 && c != 0x7f;
  });
  if (!reference.empty() && reference.size() <= reference_bytes_max && printable) return {};
  return refuse(ProblemKind::invalid, "bad_reference",
                fmt::format("a reference has 1 to {} bytes, without spaces or control characters",
                            reference_bytes_max),
                "");
}

template <typename T>
boost::json::array views(const std::vector<T>& items) {
  boost::json::array list;
  for (const auto& item : items) list.push_back(view(item));
  return list;
}

Event update_of(const Request& request, boost::json::object data) {
  Event event;
  event.type = "citizen.updated";
  event.occurred_at = request.now;
  event.recorded_at = request.now;
  event.source = request.source;
  event.data = std::move(data);
  return event;
}

}  // namespace

/// One write under way: the open transaction and what it has read and made.
struct Planner::Plan {
  std::unique_ptr<store::Transaction> transaction;
  store::Citizen citizen;
  profile::Profile profile;
  rules::Evaluation evaluation;
  std::vector<Deadline> deadlines;  ///< all of the citizen's, after planning
  std::vector<Reminder> reminders;  ///< all pending ones, after planning
  std::vector<store::Work> works;   ///< what the scheduler must hear of
  profile::Areas changed;           ///< of the profile, by the events of this write
};

Planner::Planner(store::Store& store, std::shared_ptr<const rules::RuleBook> rules,
                 std::shared_ptr<const message::Catalogue> messages, Options options, Wake wake)
    : store_(store), tenants_(store), options_(options), wake_(std::move(wake)) {
  use(std::move(rules), std::move(messages));
}

void Planner::use(std::shared_ptr<const rules::RuleBook> rules,
                  std::shared_ptr<const message::Catalogue> messages) {
  templates_ = std::make_shared<const Templates>(Templates{std::move(rules), std::move(messages)});
}

Expected<Planner::Plan> Planner::open(const Request& request, CitizenId id) {
  Plan plan;
  plan.transaction = store_.begin(id.shard(), request.tenant, request.now);
  auto citizen = plan.transaction->citizen(id);
  if (!citizen) return tl::unexpected(unknown_citizen());
  read_stream(plan, std::move(*citizen));
  return plan;
}

/// The stream is the truth; the stored profile may lack what the send side has appended.
void Planner::read_stream(Plan& plan, store::Citizen citizen) {
  plan.citizen = std::move(citizen);
  plan.profile = profile::fold(plan.transaction->events(plan.citizen.id),
                               tenants_.of(plan.citizen.tenant)->zone);
  plan.citizen.profile = profile::to_json(plan.profile);
}

/// A citizen of whom nothing was known.
void Planner::found(Plan& plan, const Request& request, const std::string& reference,
                    Shard shard) {
  plan.citizen.id = CitizenId::random(shard);
  plan.citizen.tenant = request.tenant;
  plan.citizen.reference = reference;
  plan.profile.usual_zone = tenants_.of(request.tenant)->zone;
  plan.citizen.profile = profile::to_json(plan.profile);
  plan.transaction->create_citizen(plan.citizen);
}

void Planner::apply(Plan& plan, std::vector<Event> events) {
  for (auto& event : events) {
    event.citizen = plan.citizen.id;
    event.id = EventId::random(plan.citizen.id.shard());
    profile::apply(plan.profile, event);
    plan.changed |= profile::areas_changed(event);
  }
  plan.transaction->append(events);
  plan.citizen.version += std::uint32_t(events.size());
  plan.citizen.profile = profile::to_json(plan.profile);
}

/// Only the rules that read what changed, as long as the others cannot say anything new: no date that
/// they wait for was reached, and no rule has changed.
rules::Evaluation Planner::evaluate(const rules::RuleBook& rules, const Plan& plan, CivilDate today) {
  const auto& citizen = plan.citizen;
  rules::Query query(today);
  const auto tenant = tenants_.of(citizen.tenant);
  query.country = tenant->country;
  const bool known = citizen.rulebook == rules.fingerprint();
  // By the day, as the rules count: before the hour of the re-evaluation it is reached already.
  const bool date_reached =
      citizen.reevaluate_at &&
      calendar::to_local(*citizen.reevaluate_at, plan.profile.zone()).date <= today;
  if (known && !date_reached && !plan.changed.empty()) query.changed = plan.changed;
  return rules.evaluate(plan.profile, query);
}

/// Of all that the rules say, also those that were left out.
std::string Planner::digest(const rules::RuleBook& rules, const Plan& plan, CivilDate today) {
  if (plan.evaluation.left_out.empty()) return rules.digest(plan.evaluation);
  rules::Query query(today);
  const auto tenant = tenants_.of(plan.citizen.tenant);
  query.country = tenant->country;
  query.detail = rules::Detail::dates;
  return rules.digest(rules.evaluate(plan.profile, query));
}

/// The rules that were left out wait for their own date; it may be early now, never late.
void Planner::set_reevaluation(Plan& plan, const calendar::Zone& zone) const {
  auto& at = plan.citizen.reevaluate_at;
  if (plan.evaluation.left_out.empty()) at.reset();
  if (plan.evaluation.reevaluate_on) {
    const Instant own =
        calendar::to_instant(*plan.evaluation.reevaluate_on, options_.reevaluate_at, zone);
    at = at ? std::min(*at, own) : own;
  }
  if (at) plan.works.push_back(work_of(plan.citizen));
}

Expected<void> Planner::replan(Plan& plan, Instant now) {
  const auto templates = templates_.load();
  const auto zone = plan.profile.zone();
  const auto local = calendar::to_local(now, zone);
  plan.evaluation = evaluate(*templates->rules, plan, local.date);
  const Existing existing{plan.transaction->deadlines(plan.citizen.id),
                          plan.transaction->reminders(plan.citizen.id, local.date)};
  const auto changes = make_plan(plan.evaluation, existing, plan.citizen.id, zone, now);
  for (const auto& reminder : changes.reminders) {
    if (auto checked = templates->messages->check(reminder.message, reminder.values); !checked)
      return tl::unexpected(checked.error());
  }
  plan.transaction->upsert(std::span(changes.deadlines));
  plan.transaction->upsert(std::span(changes.reminders));
  plan.citizen.rulebook = templates->rules->fingerprint();
  plan.citizen.evaluation =
      evaluation_mark(digest(*templates->rules, plan, local.date), plan.citizen.rulebook);
  set_reevaluation(plan, zone);
  plan.transaction->save_citizen(plan.citizen);
  for (const auto& reminder : changes.reminders) {
    if (is_pending(reminder.state)) plan.works.push_back(work_of(plan.citizen.tenant, reminder));
  }
  plan.deadlines = plan.transaction->deadlines(plan.citizen.id);
  plan.reminders = plan.transaction->reminders(plan.citizen.id, local.date);
  std::erase_if(plan.reminders, [](const Reminder& r) { return !is_pending(r.state); });
  return {};
}

Answer Planner::close(Plan& plan, const Request& request, int status) {
  Answer answer;
  answer.status = status;
  answer.body = {{"citizen", view(plan.citizen)},
                 {"deadlines", views(plan.deadlines)},
                 {"reminders", views(plan.reminders)},
                 {"notes", notes_of(plan.evaluation)}};
  remember(*plan.transaction, request, answer);
  commit(plan);
  return answer;
}

void Planner::commit(Plan& plan) {
  plan.transaction->commit();
  plan.transaction.reset();
  if (!plan.works.empty() && wake_) wake_(plan.works);
}

Expected<Answer> Planner::put_citizen(const Request& request, const std::string& reference,
                                      const boost::json::object& body) {
  if (auto checked = check_reference(reference); !checked)
    return tl::unexpected(checked.error());
  auto data = profile::check_citizen_update(body, tenants_.of(request.tenant)->country);
  if (!data) return tl::unexpected(data.error());

  const Shard shard = store_.shard_of(request.tenant, reference);
  Plan plan;
  plan.transaction = store_.begin(shard, request.tenant, request.now);
  // Inside the transaction: two first requests for one reference take turns.
  const auto known = store_.find_citizen(request.tenant, reference);
  auto replayed = replay(*plan.transaction, request);
  if (!replayed) return tl::unexpected(replayed.error());
  if (*replayed) return **replayed;
  if (known) {
    read_stream(plan, plan.transaction->citizen(*known).value());
  } else {
    found(plan, request, reference, shard);
  }
  const auto today = calendar::to_local(request.now, plan.profile.zone()).date;
  if (auto problem = not_yet_born(*data, today, "/birthdate"))
    return tl::unexpected(std::move(*problem));
  const Event event = update_of(request, std::move(*data));
  profile::Profile changed = plan.profile;
  profile::apply(changed, event);
  if (!known || profile::to_json(changed) != plan.citizen.profile) apply(plan, {event});
  if (auto planned = replan(plan, request.now); !planned)
    return tl::unexpected(planned.error());
  return close(plan, request, known ? 200 : 201);
}

Expected<Answer> Planner::record_events(const Request& request, const std::string& reference,
                                        const boost::json::object& body) {
  auto told = read_events(request, body, options_.events_per_request_max,
                          tenants_.of(request.tenant)->country);
  if (!told) return tl::unexpected(told.error());
  const auto id = store_.find_citizen(request.tenant, reference);
  if (!id) return tl::unexpected(unknown_citizen());
  auto plan = open(request, *id);
  if (!plan) return tl::unexpected(plan.error());
  auto replayed = replay(*plan->transaction, request);
  if (!replayed) return tl::unexpected(replayed.error());
  if (*replayed) return **replayed;
  auto events = place_events(std::move(*told), plan->profile.zone(), request.now);
  if (!events) return tl::unexpected(events.error());
  apply(*plan, std::move(*events));
  if (auto planned = replan(*plan, request.now); !planned)
    return tl::unexpected(planned.error());
  return close(*plan, request, 201);
}

/// Whether the template exists and has all that it speaks of.
Expected<void> Planner::check_words(const ScheduleRequest& wanted) const {
  const auto templates = templates_.load();
  if (auto checked = templates->messages->check(wanted.message, wanted.values); !checked) {
    Problem problem = checked.error();
    problem.where = problem.code == "unknown_template" ? "/template" : "/values" + problem.where;
    return tl::unexpected(std::move(problem));
  }
  const auto* words = templates->messages->find(wanted.message, Language::fr);
  if (words == nullptr || !words->needs_due_date || wanted.due_on) return {};
  return refuse(ProblemKind::invalid, "missing_field", "this template speaks of a due date",
                "/due_on", "give \"due_on\"");
}

Expected<Answer> Planner::schedule(const Request& request, const boost::json::object& body) {
  auto wanted = read_schedule_request(body);
  if (!wanted) return tl::unexpected(wanted.error());
  const auto id = store_.find_citizen(request.tenant, wanted->citizen);
  if (!id) return tl::unexpected(no_such_citizen());
  auto plan = open(request, *id);
  if (!plan) return tl::unexpected(plan.error());
  // Before the words are checked: a template withdrawn since does not change what was answered.
  auto replayed = replay(*plan->transaction, request);
  if (!replayed) return tl::unexpected(replayed.error());
  if (*replayed) return **replayed;
  if (auto checked = check_words(*wanted); !checked) return tl::unexpected(checked.error());
  const auto reminders = reminders_of(*wanted, *id, plan->profile.zone());
  if (auto checked = check_moments(*wanted, reminders, request.now, options_.horizon_max); !checked)
    return tl::unexpected(checked.error());
  return add(*plan, request, reminders);
}

Expected<Answer> Planner::add(Plan& plan, const Request& request,
                              const std::vector<Reminder>& reminders) {
  const auto today = calendar::to_local(request.now, plan.profile.zone()).date;
  const auto known = plan.transaction->reminders(plan.citizen.id, today);
  const auto waiting = std::count_if(known.begin(), known.end(),
                                     [](const Reminder& r) { return is_pending(r.state); });
  if (std::size_t(waiting) + reminders.size() > options_.reminders_per_citizen_max)
    return tl::unexpected(too_many_reminders(options_.reminders_per_citizen_max));
  plan.transaction->upsert(std::span<const Reminder>(reminders));
  for (const auto& reminder : reminders) plan.works.push_back(work_of(request.tenant, reminder));
  Answer answer;
  answer.status = 201;
  answer.body = {{"reminders", views(reminders)}};
  if (auto notes = channel_notes(plan.profile, reminders); !notes.empty())
    answer.body["notes"] = std::move(notes);
  remember(*plan.transaction, request, answer);
  commit(plan);
  return answer;
}

Expected<Answer> Planner::simulate(const Request& request, const boost::json::object& body) {
  const auto templates = templates_.load();
  return what_if(*templates->rules, *tenants_.of(request.tenant), request, body,
                 options_.events_per_request_max);
}

Expected<Answer> Planner::cancel(const Request& request, ReminderId id) {
  auto transaction = store_.begin(id.shard(), request.tenant, request.now);
  auto reminder = store_.read_reminder(request.tenant, id);
  if (!reminder)
    return refuse(ProblemKind::not_found, "unknown_reminder", "no reminder has this id");
  const bool already = reminder->state == ReminderState::cancelled;
  if (!already && !is_pending(reminder->state) && reminder->state != ReminderState::unknown) {
    return refuse(ProblemKind::conflict, "already_left",
                  fmt::format("the reminder is {} and can no longer be withdrawn",
                              to_string(reminder->state)));
  }
  if (!already) {
    reminder->state = ReminderState::cancelled;
    reminder->state_reason = withdrawn_by_caseworker;
    transaction->upsert(std::span<const Reminder>(&*reminder, 1));
    transaction->commit();
    // The send side may have taken it in the same instant, and then it has won.
    reminder = store_.read_reminder(request.tenant, id);
    if (!reminder || reminder->state != ReminderState::cancelled)
      return refuse(ProblemKind::conflict, "already_left",
                    "the reminder left in this very moment and can no longer be withdrawn");
  }
  Answer answer;
  answer.body = view(*reminder);
  return answer;
}

std::string Planner::rulebook() const {
  return templates_.load()->rules->fingerprint();
}

std::optional<std::size_t> Planner::refresh(const store::Lease& fence,
                                            std::span<const store::CitizenKey> citizens,
                                            Instant now) {
  const auto templates = templates_.load();
  std::size_t changed = 0;
  while (!citizens.empty()) {
    const auto tenant = tenants_.of(citizens.front().tenant);
    auto transaction = store_.begin_owned(fence, tenant->id, now);
    if (!transaction) return std::nullopt;
    std::vector<CitizenId> ids;
    for (; !citizens.empty() && citizens.front().tenant == tenant->id; citizens = citizens.subspan(1))
      ids.push_back(citizens.front().citizen);
    const auto bulk = evaluate_all(
        *transaction, ids,
        {*templates->rules, *templates->messages, *tenant, options_.reevaluate_at}, now);
    transaction->commit();
    if (!bulk.works.empty() && wake_) wake_(bulk.works);
    changed += bulk.changed;
  }
  return changed;
}

bool Planner::reevaluate(const store::Lease& fence, TenantId tenant, CitizenId id, Instant now) {
  Plan plan;
  plan.transaction = store_.begin_owned(fence, tenant, now);
  if (!plan.transaction) return false;
  auto citizen = plan.transaction->citizen(id);
  if (!citizen) return true;  // erased meanwhile: nothing to plan
  read_stream(plan, std::move(*citizen));
  if (auto planned = replan(plan, now); !planned)
    throw std::runtime_error("re-evaluation refused: " + to_string(planned.error()));
  commit(plan);
  return true;
}

}  // namespace rappel::planner
