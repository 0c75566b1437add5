// SPDX-License-Identifier: Apache-2.0
#include "app/ctl/rules_diff.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <cstdio>

#include "app/ctl/print.hpp"
#include "app/ctl/templates.hpp"
#include "app/ctl/tenants.hpp"
#include "app/rule_trial.hpp"
#include "app/truth.hpp"
#include "base/clock.hpp"

namespace rappel::app::ctl {
namespace {

namespace json = boost::json;

constexpr int citizens_max = 1'000'000'000;
constexpr int samples_max = 100;

/// "due 2027-03-01, opens 2027-01-01, open; reminders 2027-01-01, 2027-02-01". A reminder whose day is
/// past is not sent any more.
std::string dates_of(const rules::PlannedDeadline& deadline, CivilDate today) {
  std::string text = fmt::format("due {}", to_iso(deadline.due_on));
  if (deadline.opens_on) text += fmt::format(", opens {}", to_iso(*deadline.opens_on));
  if (deadline.safe_on) text += fmt::format(", surely in time {}", to_iso(*deadline.safe_on));
  text += fmt::format(", {}", to_string(deadline.state));
  std::string_view lead = "; reminders ";
  for (const auto& stage : deadline.stages) {
    if (stage.on < today) continue;
    text += fmt::format("{}{}", lead, to_iso(stage.on));
    lead = ", ";
  }
  return text;
}

void print_side(char sign, const std::optional<rules::PlannedDeadline>& side, CivilDate today) {
  if (!side) return;
  fmt::print("        {} {}\n          {}\n", sign, dates_of(*side, today),
             french(side->explanation, "line"));
}

void print_people(const TrialAnswer& answer, CivilDate today) {
  for (const auto& [rule, changes] : answer.rules) {
    fmt::print("{}\n", rule);
    for (const auto& [change, count] : changes) {
      fmt::print("  {:<10} {} deadline(s)\n", rules::to_string(change), count.deadlines);
      for (const auto& sample : count.samples) {
        fmt::print("      citizen {}{}{}\n", sample.citizen.to_string(),
                   sample.difference.occurrence.empty() ? "" : ", ", sample.difference.occurrence);
        print_side('-', sample.difference.before, today);
        print_side('+', sample.difference.after, today);
      }
    }
  }
  fmt::print("\n{} citizen(s) looked at, {} concerned by a difference\n", answer.looked_at,
             answer.concerned);
  if (answer.behind > 0)
    fmt::print("{} of them have deadlines made by other rules than those in force here: the daemon has not "
               "read these yet, or has not come to them\n",
               answer.behind);
  if (answer.unreadable > 0)
    fmt::print("{} citizen(s) whose facts do not open were left out\n", answer.unreadable);
}

json::value side_of(const std::optional<rules::PlannedDeadline>& side) {
  if (!side) return nullptr;
  const auto date = [](const std::optional<CivilDate>& day) -> json::value {
    if (!day) return nullptr;
    return json::string(to_iso(*day));
  };
  json::array reminders;
  for (const auto& stage : side->stages)
    reminders.push_back({{"stage", stage.name}, {"on", to_iso(stage.on)}});
  return {{"version", side->version},       {"due_on", to_iso(side->due_on)},
          {"opens_on", date(side->opens_on)}, {"safe_on", date(side->safe_on)},
          {"state", to_string(side->state)},  {"reminders", std::move(reminders)},
          {"line", side->explanation.at("line")}};
}

void print_json(const TrialAnswer& answer) {
  json::array rules;
  for (const auto& [rule, changes] : answer.rules) {
    json::object item{{"rule", rule}};
    for (const auto& [change, count] : changes) {
      json::array samples;
      for (const auto& sample : count.samples)
        samples.push_back({{"citizen", sample.citizen.to_string()},
                           {"subject", sample.difference.subject},
                           {"occurrence", sample.difference.occurrence},
                           {"before", side_of(sample.difference.before)},
                           {"after", side_of(sample.difference.after)}});
      item[rules::to_string(change)] =
          json::object{{"deadlines", count.deadlines}, {"samples", std::move(samples)}};
    }
    rules.push_back(std::move(item));
  }
  fmt::print("{}\n", json::serialize(json::object{{"looked_at", answer.looked_at},
                                                  {"concerned", answer.concerned},
                                                  {"behind", answer.behind},
                                                  {"unreadable", answer.unreadable},
                                                  {"rules", std::move(rules)}}));
}

}  // namespace

int rules_diff(const Call& call, const Options& options) {
  if (options.rest().size() != 2)
    throw UsageError("name the one folder of the templates to try: rules diff FOLDER");
  const auto before = need_library(call.config, options.find("templates").value_or(call.config.templates_directory));
  const auto after = need_library(call.config, options.rest()[1]);
  Truth truth(call.config);
  TrialQuestion question{*before.rules, *after.rules, SystemClock().now(), {}, {}, {}};
  if (const auto slug = options.find("tenant")) question.tenant = tenant_of(truth.store(), *slug).id;
  question.citizens_max =
      std::size_t(options.number("citizens", citizens_max, 1, citizens_max));
  question.samples_max = std::size_t(options.number("samples", 3, 0, samples_max));
  const bool watched = isatty(STDERR_FILENO) == 1;
  const auto answer = try_rules(truth.store(), question, [&](std::uint64_t looked_at) {
    if (watched) fmt::print(stderr, "\r{} citizens", looked_at);
  });
  if (watched) fmt::print(stderr, "\r");
  if (call.json) {
    print_json(answer);
  } else {
    print_people(answer, CivilDate{std::chrono::floor<std::chrono::days>(question.now)});
  }
  return 0;
}

}  // namespace rappel::app::ctl
