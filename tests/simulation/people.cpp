// SPDX-License-Identifier: Apache-2.0
#include "simulation/people.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "profile/profile.hpp"
#include "simulation/shifted.hpp"

namespace rappel::simulation {
namespace {

using boost::json::array;
using boost::json::object;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

struct Place {
  const char* insee;
  const char* postcode;
  const char* city;
};
/// Metropole, and overseas: east and west of it, without summer time and with other rules for it.
const std::vector<Place> places{{"75056", "75001", "Paris"},          {"35238", "35000", "Rennes"},
                                {"97105", "97100", "Basse-Terre"},    {"97209", "97200", "Fort-de-France"},
                                {"97302", "97300", "Cayenne"},        {"97411", "97400", "Saint-Denis"},
                                {"97608", "97600", "Mamoudzou"},      {"97502", "97500", "Saint-Pierre"}};

/// Something happens in a life so often.
constexpr days act_every{45};

object address_of(const Place& place) {
  return {{"lines", {"4 rue des Lilas"}}, {"postcode", place.postcode}, {"city", place.city},
          {"insee", place.insee}};
}

}  // namespace

People::People(Timeline& timeline, Clients& clients, Witness& witness, FaultyStore& store,
               const app::Library& library, TenantId tenant, std::vector<std::string> references,
               Instant until, std::uint64_t seed)
    : timeline_(timeline), clients_(clients), witness_(witness), store_(store), tenant_(tenant),
      references_(std::move(references)), until_(until), chance_(seed) {
  for (const auto& rule : library.rules->rules()) {
    if (rule.country != "fr") continue;
    for (const auto& example : rule.program->examples) examples_.push_back(&example);
  }
}

void People::begin() {
  for (std::size_t who = 0; who < references_.size(); ++who) {
    timeline_.after(chance_.span(minutes{1}, days{20}), nullptr, [this, who] {
      update(who, somebody(who));
      live_on(who);
    });
  }
}

void People::live_on(std::size_t who) {
  const auto wait = std::chrono::microseconds(
      std::int64_t(-std::log(1 - chance_.unit()) * double(std::chrono::microseconds(act_every).count())));
  if (timeline_.now() + wait >= until_) return;
  timeline_.after(wait, nullptr, [this, who] {
    act(who);
    live_on(who);
  });
}

void People::hurry(Instant from, Instant until) {
  const auto acts = std::min<std::size_t>(12, 2 * references_.size());
  const auto any = [&] { return from + chance_.span(minutes{0}, until - from); };
  for (std::size_t i = 0; i < acts; ++i) {
    const auto who = std::size_t(chance_.between(0, std::int64_t(references_.size()) - 1));
    timeline_.at(any(), nullptr, [this, who] { act(who); });
    plan_note(who, any());
    timeline_.at(any(), nullptr, [this, who] { finish_at_the_last_instant(who); });
  }
}

void People::act(std::size_t who) {
  const double drawn = chance_.unit();
  if (drawn < 0.40) return live_an_example(who);
  if (drawn < 0.48) return move(who);
  if (drawn < 0.58) return wish(who);
  if (drawn < 0.64) return update(who, {{"contacts", contacts(who)}});
  if (drawn < 0.70) return finish_something(who);
  if (drawn < 0.78) return finish_at_the_last_instant(who);
  if (drawn < 0.82) return take_back(who);
  if (drawn < 0.92) return plan_note(who, timeline_.now() + chance_.span(minutes{5}, days{40}));
  plan_note_for_a_night(who);
}

void People::tell(std::size_t who, std::string type, object data) {
  Ask ask;
  ask.kind = Ask::Kind::record_events;
  ask.reference = references_[who];
  ask.events = 1;
  ask.body = {{"type", std::move(type)}, {"data", std::move(data)}};
  clients_.ask(std::move(ask));
}

void People::update(std::size_t who, object body) {
  Ask ask;
  ask.reference = references_[who];
  ask.body = std::move(body);
  clients_.ask(std::move(ask));
}

object People::somebody(std::size_t who) {
  const int born = int(chance_.between(1935, 2010));
  object body{{"given_name", "Anna"},
              {"family_name", fmt::format("Numéro {}", who)},
              {"birthdate", fmt::format("{}-{:02}-{:02}", born, chance_.between(1, 12), chance_.between(1, 28))},
              {"nationality", "FR"},
              {"address", address_of(chance_.pick(places))},
              {"contacts", contacts(who)},
              {"preferences", preferences()}};
  if (chance_.of(0.7)) body["tax"] = {{"household", true}};
  if (chance_.of(0.3)) body["cheque_energie_eligible"] = true;
  return body;
}

array People::contacts(std::size_t who) {
  array list;
  const auto mail = [&] {
    return object{{"channel", "email"},
                  {"address", fmt::format("c{}.{}@example.org", who, chance_.between(0, 9))}};
  };
  if (chance_.of(0.8)) list.push_back(mail());
  if (chance_.of(0.6))
    list.push_back({{"channel", "sms"}, {"address", fmt::format("063998{:04}", chance_.between(0, 9999))}});
  if (chance_.of(0.3)) list.push_back(mail());
  return list;
}

object People::preferences() {
  object wishes;
  if (chance_.of(0.4)) {
    std::vector<std::string> order{"email", "sms", "inapp"};
    std::swap(order[0], order[std::size_t(chance_.between(0, 2))]);
    order.resize(std::size_t(chance_.between(1, 3)));
    wishes["channels"] = array(order.begin(), order.end());
  }
  if (chance_.of(0.5)) {
    static const std::vector<std::pair<const char*, const char*>> hours_of_quiet{
        {"20:00", "08:00"}, {"01:00", "03:00"}, {"02:15", "02:45"}, {"00:00", "09:30"}, {"12:00", "14:00"}};
    const auto& [from, to] = chance_.pick(hours_of_quiet);
    wishes["quiet_hours"] = {{"from", from}, {"to", to}};
  }
  if (chance_.of(0.2))
    wishes["muted_topics"] = array{chance_.of(0.5) ? "identity" : "procedure"};
  if (chance_.of(0.1)) {
    const auto day = std::chrono::floor<days>(timeline_.now()) + days{chance_.between(1, 60)};
    wishes["paused_until"] = to_iso(CivilDate{day});
  }
  if (chance_.of(0.3)) wishes["language"] = "en";
  return wishes;
}

/// A situation of the catalogue, moved by whole years into this one.
void People::live_an_example(std::size_t who) {
  const auto& example = *chance_.pick(examples_);
  const int years = int(CivilDate{std::chrono::floor<days>(timeline_.now())}.year()) - int(example.as_of.year());
  array events;
  for (const auto& event : example.events) {
    auto data = shifted(event.data, years);
    if (event.type == "citizen.updated") {
      for (const auto* own : {"contacts", "preferences", "address", "time_zone", "consented_channels"})
        data.erase(own);
      if (!data.empty()) update(who, std::move(data));
      continue;
    }
    object told{{"type", event.type}, {"data", std::move(data)}};
    const auto on = shifted(CivilDate{std::chrono::floor<days>(event.occurred_at)}, years);
    if (std::chrono::sys_days(on) < timeline_.now() - days{2}) told["occurred_on"] = to_iso(on);
    events.push_back(std::move(told));
  }
  if (events.empty()) return;
  Ask ask;
  ask.kind = Ask::Kind::record_events;
  ask.reference = references_[who];
  ask.events = events.size();
  ask.body = {{"events", std::move(events)}};
  clients_.ask(std::move(ask));
}

void People::move(std::size_t who) { tell(who, "address.changed", address_of(chance_.pick(places))); }

void People::wish(std::size_t who) { update(who, {{"preferences", preferences()}}); }

void People::finish_something(std::size_t who) {
  const auto id = store_.find_citizen(tenant_, references_[who]);
  if (!id) return;
  auto page = store_.read_deadlines(tenant_, *id, {store::page_items_max, ""});
  std::erase_if(page.items, [](const Deadline& each) { return each.state != DeadlineState::open; });
  if (page.items.empty()) return;
  const auto& deadline = chance_.pick(page.items);
  object data{{"rule", deadline.rule}};
  if (!deadline.subject.empty()) data["subject"] = deadline.subject;
  if (!deadline.occurrence.empty()) data["occurrence"] = deadline.occurrence;
  tell(who, "deadline.done", std::move(data));
}

/// The race that the sender must lose: what is done at the instant of its reminder.
void People::finish_at_the_last_instant(std::size_t who) {
  const auto id = store_.find_citizen(tenant_, references_[who]);
  const auto next = id ? witness_.next_of(*id) : std::nullopt;
  if (!next || next->second > timeline_.now() + days{60}) return;
  const auto at = next->second + chance_.span(milliseconds{-200}, milliseconds{400});
  timeline_.at(at, nullptr, [this, who, reminder = next->first] {
    const auto row = store_.read_reminder(tenant_, reminder);
    if (!row || !row->deadline) return;
    const auto deadline = store_.read_deadline(tenant_, row->citizen, *row->deadline);
    object data{{"rule", deadline->rule}};
    if (!deadline->subject.empty()) data["subject"] = deadline->subject;
    if (!deadline->occurrence.empty()) data["occurrence"] = deadline->occurrence;
    tell(who, "deadline.done", std::move(data));
  });
}

void People::take_back(std::size_t who) {
  const auto id = store_.find_citizen(tenant_, references_[who]);
  const auto next = id ? witness_.next_of(*id) : std::nullopt;
  if (!next) return;
  Ask ask;
  ask.kind = Ask::Kind::cancel;
  ask.reference = references_[who];
  ask.reminder = next->first;
  clients_.ask(std::move(ask));
}

void People::plan_note(std::size_t who, Instant at) {
  Ask ask;
  ask.kind = Ask::Kind::schedule;
  ask.reference = references_[who];
  ask.moments = 1;
  ask.body = {{"citizen", ask.reference},
              {"template", "caseworker_note"},
              {"values", {{"title", fmt::format("Note {}", ++notes_)}, {"body", "Venez nous voir."}}},
              {"send_at", to_rfc3339(at)}};
  if (chance_.of(0.3)) ask.body["expires_at"] = to_rfc3339(at + chance_.span(minutes{30}, hours{6}));
  if (chance_.of(0.2)) ask.body["channels"] = array{chance_.of(0.5) ? "sms" : "email", "inapp"};
  clients_.ask(std::move(ask));
}

/// 02:30 (in Saint-Pierre 01:30) of the next night that has it twice, or not at all.
void People::plan_note_for_a_night(std::size_t who) {
  const auto id = store_.find_citizen(tenant_, references_[who]);
  if (!id) return;
  const auto citizen = store_.read_citizen(tenant_, *id).value();
  const auto zone = profile::profile_from_json(citizen.profile, "Europe/Paris").zone();
  const auto wanted = chance_.of(0.75) ? calendar::LocalKind::fold : calendar::LocalKind::gap;
  const auto first = std::chrono::floor<days>(timeline_.now()) + days{2};
  for (int ahead = 0; ahead < 366; ++ahead) {
    for (const auto time : {minutes{150}, minutes{90}}) {
      if (calendar::kind_of(CivilDate{first + days{ahead}}, time, zone) != wanted) continue;
      if (wanted == calendar::LocalKind::fold) ++fold_notes_;
      Ask ask;
      ask.kind = Ask::Kind::schedule;
      ask.reference = references_[who];
      ask.moments = 1;
      ask.body = {{"citizen", ask.reference},
                  {"template", "caseworker_note"},
                  {"values", {{"title", fmt::format("Note {}", ++notes_)}, {"body", "Cette nuit."}}},
                  {"due_on", to_iso(CivilDate{first + days{ahead + 1}})},
                  {"offsets", {"-P1D"}},
                  {"at", time == minutes{150} ? "02:30" : "01:30"}};
      return clients_.ask(std::move(ask));
    }
  }
}

}  // namespace rappel::simulation
