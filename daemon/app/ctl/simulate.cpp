// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>

#include "app/ctl/options.hpp"
#include "app/ctl/print.hpp"
#include "app/ctl/templates.hpp"
#include "app/simulation.hpp"
#include "base/clock.hpp"
#include "base/text_file.hpp"
#include "planner/json_view.hpp"
#include "profile/place.hpp"
#include "profile/profile.hpp"
#include "profile/vocabulary.hpp"

namespace rappel::app::ctl {
namespace {

constexpr std::size_t input_bytes_max = 1024 * 1024;
constexpr int simulated_months_max = 240;

boost::json::object read_object(const std::string& path) {
  const auto text = read_text_file(path, input_bytes_max);
  if (!text) throw UsageError(path + " " + text.error());
  boost::json::error_code error;
  const auto value = boost::json::parse(*text, error);
  if (error) throw UsageError(fmt::format("{} is not JSON: {}", path, error.message()));
  if (!value.is_object()) throw UsageError(path + " holds JSON that is not an object: { … }");
  return value.as_object();
}

/// Who they are before any event; nobody when the file is wrong, which is refused when it is played.
profile::Profile person_in(const SimulationInput& input) {
  profile::Profile person;
  person.usual_zone = input.tenant.zone;
  Event event;
  event.type = "citizen.updated";
  auto data = profile::check_citizen_update(input.citizen, input.tenant.country);
  if (!data) return person;
  event.data = std::move(*data);
  profile::apply(person, event);
  return person;
}

/// From the first minute of that day to the same minute so many months later, on the person's clock.
void set_span(SimulationInput& input, const Options& options) {
  const auto zone = person_in(input).zone();
  input.from = SystemClock().now();
  auto start = calendar::to_local(input.from, zone).date;
  if (const auto from = options.find("from")) {
    const auto date = parse_iso_date(*from);
    if (!date) throw UsageError("--from must be a date that exists, YYYY-MM-DD");
    start = *date;
    input.from = calendar::to_instant(start, std::chrono::minutes{0}, zone);
  }
  const int months = options.number("months", 12, 0, simulated_months_max);
  input.until = std::max(input.from, calendar::to_instant(calendar::add(start, {0, months, 0}),
                                                          std::chrono::minutes{0}, zone));
}

SimulationInput read_input(const Options& options) {
  if (options.rest().empty() || options.rest().size() > 2)
    throw UsageError("a citizen file is needed, and an events file if there are any");
  SimulationInput input;
  input.citizen = read_object(options.rest()[0]);
  if (options.rest().size() == 2) input.events = read_object(options.rest()[1]);
  input.tenant.id = TenantId::random();
  input.tenant.slug = "simulation";
  input.tenant.country = options.find("country").value_or("fr");
  input.tenant.zone = options.find("zone").value_or(input.tenant.zone);
  if (const auto zone = calendar::Zone::find(input.tenant.zone); !zone)
    throw UsageError(to_string(zone.error()));
  input.tenant.name = "Votre administration";
  input.tenant.human_name = "l'accueil";
  input.tenant.human_phone = "01 00 00 00 00";
  set_span(input, options);
  return input;
}

void print_json(const SimulationResult& result) {
  boost::json::array deadlines;
  for (const auto& deadline : result.deadlines) deadlines.push_back(planner::view(deadline));
  boost::json::array messages;
  for (const auto& sent : result.messages) {
    messages.push_back({{"at", to_rfc3339(sent.at)},
                        {"channel", to_string(sent.message.channel)},
                        {"subject", sent.message.subject},
                        {"text", sent.message.text}});
  }
  fmt::print("{}\n", boost::json::serialize(boost::json::object{{"deadlines", deadlines},
                                                                {"messages", messages},
                                                                {"notes", result.notes}}));
}

void print_people(const SimulationInput& input, const SimulationResult& result,
                  const std::optional<std::string>& explain) {
  const auto person = person_in(input);
  fmt::print("{} {}: from {} to {}\n\nDeadlines, as they stand at the end when nothing was done\n", person.given_name, person.family_name,
             local_text(input.from, person.zone()), local_text(input.until, person.zone()));
  fmt::print("{}", describe(result.deadlines, planner::human_for(person, input.tenant), explain));
  if (explain) fmt::print("\n");
  for (const auto& note : result.notes)
    fmt::print("  note        {}\n", worded(note.as_object(), "text", explain));
  fmt::print("\nMessages\n");
  for (const auto& sent : result.messages) {
    fmt::print("  {}  {}{}{}\n{}", local_text(sent.at, person.zone()),
               to_string(sent.message.channel), sent.message.subject.empty() ? "" : ": ",
               sent.message.subject, indented(sent.message.text, 6));
  }
  fmt::print("\n{} deadline(s), {} message(s)\n", result.deadlines.size(), result.messages.size());
}

}  // namespace

int simulate(const Call& call) {
  const Options options(call.words, {"months", "from", "country", "zone", "explain"});
  const auto explain = options.one_of("explain", {"fr", "en"});
  const auto input = read_input(options);
  const auto library = need_library(call.config);
  check_country(*library.rules, input.tenant.country);
  const auto result = simulate_citizen(library, call.config, input);
  if (!result) {
    fmt::print(stderr, "{}\n", to_string(result.error()));
    return 2;
  }
  if (call.json) {
    print_json(*result);
  } else {
    print_people(input, *result, explain);
  }
  return 0;
}

}  // namespace rappel::app::ctl
