// SPDX-License-Identifier: Apache-2.0
// What must hold for every rule of the catalogue and whatever situation: people are put together from
// the events of the rules' own examples, and looked at on the examples' days and after.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <random>
#include <set>

#include "planner/plan.hpp"
#include "profile/profile.hpp"
#include "rules/books.hpp"
#include "rules/program.hpp"

using namespace rappel;
using namespace rappel::planner;

namespace {

constexpr unsigned lives = 400;
const auto somebody = CitizenId::random(Shard{7});
const auto french_time = *calendar::Zone::find("Europe/Paris");

struct Person {
  std::vector<Event> events;
  profile::Profile profile;
  CivilDate day{};
};

std::vector<const rules::Example*> all_examples(const rules::RuleBook& book) {
  std::vector<const rules::Example*> all;
  for (const auto& rule : book.rules()) {
    if (rule.country != "fr") continue;
    for (const auto& example : rule.program->examples) all.push_back(&example);
  }
  return all;
}

/// Three examples in one life, seen on the day of the first one or up to two months later.
Person person(unsigned seed) {
  static const auto examples = all_examples(test::shipped_book());
  std::mt19937 random(seed);
  Person made;
  for (int i = 0; i < 3; ++i) {
    const auto& example = *examples[random() % examples.size()];
    if (i == 0) made.day = calendar::add_days(example.as_of, int(random() % 60));
    made.events.insert(made.events.end(), example.events.begin(), example.events.end());
  }
  made.profile = profile::fold(made.events);
  return made;
}

std::string told(const rules::PlannedDeadline& deadline) {
  std::string text = deadline.rule + "/" + deadline.subject + "/" + deadline.occurrence + " " +
                     to_iso(deadline.due_on) + " " + std::string(to_string(deadline.state));
  for (const auto& stage : deadline.stages) text += " " + stage.name + "@" + to_iso(stage.on);
  return text;
}

std::vector<std::string> told(const rules::Evaluation& evaluation) {
  std::vector<std::string> all;
  for (const auto& deadline : evaluation.deadlines) all.push_back(told(deadline));
  return all;
}

template <typename T>
void keep(std::vector<T>& existing, const std::vector<T>& changes) {
  for (const auto& change : changes) {
    std::erase_if(existing, [&](const T& known) { return known.id == change.id; });
    existing.push_back(change);
  }
}

void keep(Existing& existing, const Plan& plan) {
  keep(existing.deadlines, plan.deadlines);
  keep(existing.reminders, plan.reminders);
}

Instant noon_of(CivilDate day) {
  return calendar::to_instant(day, std::chrono::hours{12}, french_time);
}

}  // namespace

TEST_CASE("no deadline lies before its opening and no reminder outside of both") {
  std::size_t looked_at = 0;
  for (unsigned seed = 1; seed <= lives; ++seed) {
    const auto who = person(seed);
    for (const auto& deadline : test::shipped_book().evaluate(who.profile, who.day).deadlines) {
      CAPTURE(seed);
      CAPTURE(told(deadline));
      ++looked_at;
      if (deadline.opens_on) REQUIRE(*deadline.opens_on <= deadline.due_on);
      if (deadline.safe_on) REQUIRE(*deadline.safe_on < deadline.due_on);
      for (const auto& stage : deadline.stages) {
        if (deadline.opens_on) REQUIRE(stage.on >= *deadline.opens_on);
        REQUIRE(stage.on <= deadline.due_on);
      }
    }
  }
  CHECK(looked_at > lives);
}

TEST_CASE("the same life gets the same answer and the same digest with and without the reasons") {
  const auto& book = test::shipped_book();
  for (unsigned seed = 1; seed <= lives; ++seed) {
    CAPTURE(seed);
    const auto who = person(seed);
    rules::Query dates(who.day);
    dates.detail = rules::Detail::dates;
    const auto full = book.evaluate(who.profile, who.day);
    const auto again = book.evaluate(profile::fold(who.events), who.day);
    const auto bare = book.evaluate(who.profile, dates);
    REQUIRE(told(full) == told(again));
    REQUIRE(told(full) == told(bare));
    REQUIRE(book.digest(full) == book.digest(bare));
    for (std::size_t i = 0; i < full.deadlines.size(); ++i)
      REQUIRE(boost::json::serialize(full.deadlines[i].explanation) ==
              boost::json::serialize(again.deadlines[i].explanation));
  }
}

TEST_CASE("planned twice nothing changes and no id stands twice") {
  for (unsigned seed = 1; seed <= lives; ++seed) {
    CAPTURE(seed);
    const auto who = person(seed);
    const auto evaluation = test::shipped_book().evaluate(who.profile, who.day);
    Existing existing;
    const auto plan = make_plan(evaluation, existing, somebody, french_time, noon_of(who.day));
    std::set<DeadlineId> deadlines;
    for (const auto& deadline : plan.deadlines) REQUIRE(deadlines.insert(deadline.id).second);
    std::set<ReminderId> reminders;
    for (const auto& reminder : plan.reminders) REQUIRE(reminders.insert(reminder.id).second);
    keep(existing, plan);
    const auto again = make_plan(evaluation, existing, somebody, french_time, noon_of(who.day));
    REQUIRE(again.deadlines.empty());
    REQUIRE(again.reminders.empty());
  }
}

TEST_CASE("whoever gets the same digest has nothing to be written") {
  const auto& book = test::shipped_book();
  std::size_t same = 0;
  for (unsigned seed = 1; seed <= lives; ++seed) {
    CAPTURE(seed);
    const auto who = person(seed);
    const auto before = book.evaluate(who.profile, who.day);
    Existing existing;
    keep(existing, make_plan(before, existing, somebody, french_time, noon_of(who.day)));
    // The next day, as long as no date was reached that the rules wait for.
    const auto next = calendar::add_days(who.day, 1);
    if (before.reevaluate_on && *before.reevaluate_on <= next) continue;
    const auto after = book.evaluate(who.profile, next);
    REQUIRE(book.digest(before) == book.digest(after));
    const auto plan = make_plan(after, existing, somebody, french_time, noon_of(next));
    for (const auto& deadline : plan.deadlines) {
      // Only a sentence that counts from today may read otherwise.
      const auto known = std::find_if(existing.deadlines.begin(), existing.deadlines.end(),
                                      [&](const auto& each) { return each.id == deadline.id; });
      REQUIRE(known != existing.deadlines.end());
      REQUIRE(known->due_on == deadline.due_on);
      REQUIRE(known->state == deadline.state);
    }
    for (const auto& reminder : plan.reminders) {
      const auto known = std::find_if(existing.reminders.begin(), existing.reminders.end(),
                                      [&](const auto& each) { return each.id == reminder.id; });
      REQUIRE(known != existing.reminders.end());
      REQUIRE(known->due_at == reminder.due_at);
      REQUIRE(known->state == reminder.state);
    }
    ++same;
  }
  CHECK(same > lives / 2);
}
