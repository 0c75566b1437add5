// SPDX-License-Identifier: Apache-2.0
#include "simulation/clients.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "planner/plan.hpp"
#include "profile/profile.hpp"

namespace rappel::simulation {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const std::string source = "town";

std::vector<ReminderId> ids_in(const boost::json::object& body) {
  std::vector<ReminderId> ids;
  for (const auto& each : body.at("reminders").as_array()) {
    if (const auto id = ReminderId::parse(std::string(each.at("id").as_string()))) ids.push_back(*id);
  }
  return ids;
}

/// What planning again would change, in words; nothing when all of it stands. Only a sentence that
/// counts from today may read otherwise.
std::string changes_of(const planner::Plan& plan, const planner::Existing& stored) {
  std::string text;
  for (const auto& change : plan.deadlines) {
    const auto known = std::find_if(stored.deadlines.begin(), stored.deadlines.end(),
                                    [&](const Deadline& each) { return each.id == change.id; });
    const bool found = known != stored.deadlines.end();
    if (found && known->due_on == change.due_on && known->state == change.state) continue;
    text += fmt::format(" {}/{} {} {} was {};", change.rule, change.occurrence, to_iso(change.due_on),
                        to_string(change.state),
                        found ? to_iso(known->due_on) + " " + std::string(to_string(known->state)) : "not there");
  }
  for (const auto& change : plan.reminders) {
    const auto known = std::find_if(stored.reminders.begin(), stored.reminders.end(),
                                    [&](const Reminder& each) { return each.id == change.id; });
    const bool found = known != stored.reminders.end();
    if (found && known->due_at == change.due_at && known->state == change.state) continue;
    text += fmt::format(" {} {} {} was {};", change.stage, to_rfc3339(change.due_at), to_string(change.state),
                        found ? to_rfc3339(known->due_at) + " " + std::string(to_string(known->state))
                              : "not there");
  }
  return text;
}

}  // namespace

void Clients::ask(Ask ask) {
  ask.key = fmt::format("ask-{}", ++asked_);
  try_it(std::make_shared<const Ask>(std::move(ask)));
}

void Clients::try_it(const std::shared_ptr<const Ask>& ask) {
  auto* node = nodes_.serving(chance_.next());
  const auto again = [this, ask](std::chrono::microseconds wait) {
    timeline_.after(wait, nullptr, [this, ask] { try_it(ask); });
  };
  if (node == nullptr) return again(minutes{10});
  const auto process = node->process;
  timeline_.as(process, [&] {
    const Instant now = node->loop.now();
    try {
      answered(*ask, put_to(*node, *ask), now);
    } catch (const store::StoreUnavailable&) {
      again(chance_.span(seconds{1}, minutes{1}));
    } catch (const std::exception& e) {
      witness_.fail("a request is answered or fails as the store does", e.what());
    }
  });
}

Clients::Answer Clients::put_to(Node& node, const Ask& ask) const {
  auto& planner = node.engine.planner();
  planner::Request request;
  request.tenant = tenant_;
  request.source = source;
  request.now = node.loop.now();
  request.idempotency_key = ask.key;
  request.body = boost::json::serialize(ask.body);
  switch (ask.kind) {
    case Ask::Kind::put_citizen: return planner.put_citizen(request, ask.reference, ask.body);
    case Ask::Kind::record_events: return planner.record_events(request, ask.reference, ask.body);
    case Ask::Kind::schedule: return planner.schedule(request, ask.body);
    case Ask::Kind::cancel: return planner.cancel(request, ask.reminder);
  }
  return tl::unexpected(Problem{});
}

void Clients::answered(const Ask& ask, const Answer& answer, Instant now) {
  trace_.note(answer ? "answers yes" : "answers no", {}, std::int64_t(ask.kind));
  if (!answer) {
    ++refused_;
    ++refusals_[answer.error().code];
    return;
  }
  ++accepted_;
  told_[ask.reference] += ask.events;
  if (ask.kind == Ask::Kind::schedule) witness_.promised(ids_in(answer->body), ask.moments);
  const bool planned = ask.kind == Ask::Kind::put_citizen || ask.kind == Ask::Kind::record_events;
  if (planned && !answer->replayed && chance_.between(1, plan_checked_one_in) == 1)
    check_plan(ask.reference, now);
}

void Clients::check_plan(const std::string& reference, Instant now) {
  const auto id = store_.find_citizen(tenant_, reference);
  if (!id) return witness_.fail("what the API acknowledged is committed and planned", "no citizen");
  const auto transaction = store_.MemoryStore::begin(id->shard(), tenant_, now);
  const auto citizen = transaction->citizen(*id).value();
  const auto events = transaction->events(*id);
  const auto profile = profile::fold(events, "Europe/Paris");
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].version != i + 1)
      witness_.fail("event positions have no gap", "of a citizen", id->bytes());
  }
  const auto told = std::count_if(events.begin(), events.end(), [](const Event& event) {
    return event.source == source && event.type != "citizen.updated";
  });
  if (std::size_t(told) < told_[reference])
    witness_.fail("what the API acknowledged is committed and planned",
                  fmt::format("{} of {} events", told, told_[reference]), id->bytes());
  const auto today = calendar::to_local(now, profile.zone()).date;
  rules::Query query(today);
  query.country = "fr";
  const auto wanted = library_.rules->evaluate(profile, query);
  const planner::Existing existing{transaction->deadlines(*id), transaction->reminders(*id, today)};
  const auto plan = planner::make_plan(wanted, existing, *id, profile.zone(), now);
  if (const auto changes = changes_of(plan, existing); !changes.empty())
    witness_.fail("what the API acknowledged is committed and planned",
                  fmt::format("planning {} again changes{} it waits for its re-evaluation at {}", reference,
                              changes,
                              citizen.reevaluate_at ? to_rfc3339(*citizen.reevaluate_at) : "no time"),
                  id->bytes());
}

void Clients::check_all() {
  for (const auto& [reference, events] : told_) check_plan(reference, timeline_.now());
}

}  // namespace rappel::simulation
