// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cstdio>

#include "app/ctl/options.hpp"
#include "app/ctl/print.hpp"
#include "app/ctl/tenants.hpp"
#include "app/library.hpp"
#include "app/truth.hpp"
#include "base/clock.hpp"
#include "planner/json_view.hpp"
#include "profile/profile.hpp"

namespace rappel::app::ctl {
namespace {

constexpr int shown_months_max = 600;

/// Everything that is known of one person's time.
struct Story {
  store::Citizen citizen;
  profile::Profile profile;
  std::vector<Deadline> deadlines;
  std::vector<Reminder> reminders;
  std::vector<rules::Note> notes;
};

template <typename T, typename Read>
std::vector<T> all_pages(Read read) {
  std::vector<T> items;
  store::PageRequest request{store::page_items_max, ""};
  do {
    auto page = read(request);
    std::move(page.items.begin(), page.items.end(), std::back_inserter(items));
    request.cursor = page.next;
  } while (!request.cursor.empty());
  return items;
}

Story read_story(store::Store& store, const Config& config, const store::Tenant& tenant,
                 const std::string& reference, Instant now) {
  Story story;
  story.citizen = citizen_of(store, tenant, reference);
  story.profile = profile::profile_from_json(story.citizen.profile, tenant.zone);
  story.deadlines = all_pages<Deadline>([&](const auto& page) {
    return store.read_deadlines(tenant.id, story.citizen.id, page);
  });
  story.reminders = all_pages<Reminder>([&](const auto& page) {
    return store.read_reminders(tenant.id, story.citizen.id, page);
  });
  std::sort(story.deadlines.begin(), story.deadlines.end(), [](const auto& a, const auto& b) {
    return std::chrono::sys_days(a.due_on) < std::chrono::sys_days(b.due_on);
  });
  std::sort(story.reminders.begin(), story.reminders.end(),
            [](const auto& a, const auto& b) { return a.due_at < b.due_at; });
  if (const auto library = load_library(config)) {
    rules::Query query(calendar::to_local(now, story.profile.zone()).date);
    query.country = tenant.country;
    story.notes = library->rules->evaluate(story.profile, query).notes;
  }
  return story;
}

void print_json(const Story& story) {
  boost::json::array deadlines;
  for (const auto& deadline : story.deadlines) deadlines.push_back(planner::view(deadline));
  boost::json::array reminders;
  for (const auto& reminder : story.reminders) reminders.push_back(planner::view(reminder));
  fmt::print("{}\n", boost::json::serialize(boost::json::object{
                         {"citizen", planner::view(story.citizen)},
                         {"deadlines", std::move(deadlines)},
                         {"reminders", std::move(reminders)}}));
}

void print_people(const Story& story, const store::Tenant& tenant, Instant until, const std::optional<std::string>& explain) {
  const auto& profile = story.profile;
  fmt::print("{} {}\n\nDeadlines\n", profile.given_name, profile.family_name);
  fmt::print("{}", describe(story.deadlines, planner::human_for(story.profile, tenant), explain));
  for (const auto& note : story.notes)
    fmt::print("  note        {}\n", explain == "en" ? note.en : note.fr);
  if (story.deadlines.empty() && story.notes.empty()) fmt::print("  none\n");
  fmt::print("\nReminders (local time)\n");
  for (const auto& reminder : story.reminders) {
    if (reminder.due_at > until) continue;
    fmt::print("  {}  {:<10} {:<14} {}{}\n", local_text(reminder.due_at, profile.zone()),
               to_string(reminder.state), reminder.stage, reminder.message,
               reminder.state_reason.empty() ? "" : " (" + reminder.state_reason + ")");
  }
  if (story.reminders.empty()) fmt::print("  none\n");
  fmt::print("\n");
}

/// The reasons of a delivery, from its record.
void print_why(const boost::json::object& why) {
  if (const auto* deadline = why.if_contains("deadline"); deadline && deadline->is_object())
    fmt::print("  pourquoi : {}\n", french(deadline->get_object(), "line"));
  if (const auto* channel = why.if_contains("channel"); channel && channel->is_object()) {
    const auto& object = channel->get_object();
    if (const auto* text = object.if_contains("fr"); text && text->is_string())
      fmt::print("  moyen : {}\n", std::string(text->get_string()));
  }
}

int print_deliveries(store::Store& store, const store::Tenant& tenant, const std::string& text) {
  const auto id = ReminderId::parse(text);
  if (!id) throw UsageError(fmt::format("\"{}\" is not the id of a reminder", text));
  const auto deliveries = store.read_deliveries(tenant.id, *id);
  for (const auto& delivery : deliveries) {
    fmt::print("  {} by {} ({}), attempt {}: {}\n", to_string(delivery.state),
               to_string(delivery.channel), delivery.notifier, delivery.attempt, delivery.result);
    const auto text_of = [&](const char* key) {
      const auto* value = delivery.record.if_contains(key);
      return value && value->is_string() ? std::string(value->get_string()) : std::string();
    };
    if (!text_of("subject").empty()) fmt::print("  objet : {}\n", text_of("subject"));
    fmt::print("{}", indented(text_of("text"), 4));
    if (const auto* why = delivery.record.if_contains("why"); why && why->is_object())
      print_why(why->get_object());
  }
  if (deliveries.empty()) fmt::print("  no delivery yet\n");
  return deliveries.empty() ? 1 : 0;
}

}  // namespace

int timeline(const Call& call) {
  const Options options(call.words, {"tenant", "months", "delivery", "explain"});
  const auto explain = options.one_of("explain", {"fr", "en"});
  const auto reference = options.only("the citizen's reference");
  const auto now = SystemClock().now();
  Truth truth(call.config);
  const auto tenant = tenant_of(truth.store(), options.need("tenant"));
  if (const auto reminder = options.find("delivery"))
    return print_deliveries(truth.store(), tenant, *reminder);
  const auto story = read_story(truth.store(), call.config, tenant, reference, now);
  if (call.json) {
    print_json(story);
  } else {
    const auto months = options.number("months", 12, 1, shown_months_max);
    print_people(story, tenant, now + std::chrono::months{months}, explain);
  }
  return 0;
}

int citizen(const Call& call) {
  const Options options(call.words, {"tenant"});
  Truth truth(call.config);
  const auto tenant = tenant_of(truth.store(), options.need("tenant"));
  const auto found =
      citizen_of(truth.store(), tenant, options.only("the citizen's reference"));
  const auto view = planner::view(found);
  if (call.json) {
    fmt::print("{}\n", boost::json::serialize(view));
    return 0;
  }
  fmt::print("{}: {} event(s)\n", found.reference, found.version);
  for (const auto& fact : found.profile)
    fmt::print("  {:<20} {}\n", std::string(fact.key()), boost::json::serialize(fact.value()));
  return 0;
}

}  // namespace rappel::app::ctl
