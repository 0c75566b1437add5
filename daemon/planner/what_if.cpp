// SPDX-License-Identifier: Apache-2.0
#include "planner/what_if.hpp"

#include <set>

#include "planner/event_request.hpp"
#include "planner/fields.hpp"
#include "planner/json_view.hpp"
#include "planner/plan.hpp"
#include "profile/vocabulary.hpp"
#include "rules/packs.hpp"

namespace rappel::planner {
namespace {

/// Everybody in a simulation is this one: ids come out the same for the same question.
const CitizenId nobody{IdBytes{}};

constexpr std::chrono::minutes last_minute{24 * 60 - 1};

struct Question {
  profile::Profile profile;
  CivilDate as_of{};
};

Expected<std::vector<ToldEvent>> told_events(const Request& request, const boost::json::object& body,
                                         std::size_t events_max, std::string_view country) {
  if (!body.contains("events")) return std::vector<ToldEvent>{};
  const auto& list = body.at("events");
  if (list.is_array() && list.get_array().empty()) return std::vector<ToldEvent>{};
  return read_events(request, {{"events", list}}, events_max, country);
}

Expected<Question> read_question(const Request& request, const boost::json::object& body,
                                 const store::Tenant& tenant, std::size_t events_max) {
  Fields fields(body);
  const auto* citizen = fields.object("citizen");
  const auto as_of = fields.date("as_of");
  static_cast<void>(fields.has("events"));
  if (auto problem = fields.finish()) return tl::unexpected(std::move(*problem));
  auto facts = profile::check_citizen_update(citizen != nullptr ? *citizen : boost::json::object{},
                                             tenant.country);
  if (!facts) {
    Problem problem = facts.error();
    problem.where = "/citizen" + problem.where;
    return tl::unexpected(std::move(problem));
  }
  Question question;
  question.profile.usual_zone = tenant.zone;
  // On another day than today nothing is known that happened after it.
  Request asked = request;
  if (as_of)
    asked.now = calendar::to_instant(*as_of, last_minute, question.profile.zone());
  auto told_so_far = told_events(asked, body, events_max, tenant.country);
  if (!told_so_far) return tl::unexpected(told_so_far.error());
  Event told;
  told.type = "citizen.updated";
  told.occurred_at = asked.now;
  told.data = std::move(*facts);
  profile::apply(question.profile, told);
  const auto events =
      place_events(std::move(*told_so_far), question.profile.zone(), asked.now);
  if (!events) return tl::unexpected(events.error());
  for (const auto& event : *events) profile::apply(question.profile, event);
  question.as_of =
      as_of.value_or(calendar::to_local(request.now, question.profile.zone()).date);
  return question;
}

template <typename Items>
boost::json::array views_of(const Items& items) {
  boost::json::array list;
  for (const auto& item : items) list.push_back(view(item));
  return list;
}

/// The moments of life that the deadlines belong to.
boost::json::array packs_of(const rules::RuleBook& rules, const rules::Evaluation& evaluation) {
  std::set<std::string> names;
  for (const auto& deadline : evaluation.deadlines) {
    if (const auto* rule = rules.find(deadline.rule))
      names.insert(rule->packs.begin(), rule->packs.end());
  }
  boost::json::array list;
  for (const auto& pack : rules::packs()) {
    if (names.contains(std::string(pack.name)))
      list.push_back({{"name", pack.name}, {"title", {{"fr", pack.fr}, {"en", pack.en}}}});
  }
  return list;
}

}  // namespace

Expected<Answer> what_if(const rules::RuleBook& rules, const store::Tenant& tenant,
                         const Request& request, const boost::json::object& body,
                         std::size_t events_max) {
  const auto question = read_question(request, body, tenant, events_max);
  if (!question) return tl::unexpected(question.error());
  rules::Query query(question->as_of);
  query.country = tenant.country;
  const auto evaluation = rules.evaluate(question->profile, query);
  const auto zone = question->profile.zone();
  // Planned from the first minute of that day, so that its own reminders are there.
  const Instant from = calendar::to_instant(question->as_of, std::chrono::minutes{0}, zone);
  const auto plan = make_plan(evaluation, Existing{}, nobody, zone, from);
  Answer answer;
  answer.body = {{"as_of", to_iso(question->as_of)},
                 {"deadlines", views_of(plan.deadlines)},
                 {"reminders", views_of(plan.reminders)},
                 {"notes", notes_of(evaluation)},
                 {"packs", packs_of(rules, evaluation)}};
  return answer;
}

}  // namespace rappel::planner
