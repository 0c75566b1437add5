// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "calendar/recurrence.hpp"
#include "rules/reading.hpp"
#include "rules/words.hpp"

namespace rappel::rules {
namespace {

/// Recurrences are expanded once, for citizens who are evaluated in these years.
constexpr int first_year = 2000;
constexpr int last_year = 2100;
constexpr std::size_t turns_loaded_max = 6'000;

void read_recurrence(YamlMap& map, Turns& turns) {
  const auto rule = map.required_text("recurrence");
  if (!map.has("start")) map.missing("start");
  const auto start = map.date("start");
  if (rule.empty() || !start) return;
  const auto text = fmt::format("DTSTART;VALUE=DATE:{:04}{:02}{:02}\nRRULE:{}", int(start->year()),
                                unsigned(start->month()), unsigned(start->day()), rule);
  const auto recurrence = calendar::Recurrence::parse(text);
  if (!recurrence) {
    map.wrong("recurrence", "not_a_recurrence", recurrence.error().detail, recurrence.error().mend);
    return;
  }
  turns.dates = recurrence->days_between(CivilDate{std::chrono::year{first_year} / 1 / 1},
                                         CivilDate{std::chrono::year{last_year} / 12 / 31},
                                         turns_loaded_max);
  if (turns.dates.empty())
    map.wrong("recurrence", "never", fmt::format("never comes between {} and {}", first_year, last_year));
}

void read_every(YamlMap& map, Turns& turns, Reading& reading) {
  turns.every = read_period(map, "every").value_or(calendar::Period{0, 1, 0});
  if (turns.every.years < 0 || turns.every.months < 0 || turns.every.days < 0 ||
      turns.every == calendar::Period{})
    map.wrong("every", "not_forward", "must lead forward", "write P1M, P3M, P1Y");
  turns.from = read_fact(map, "from", Type::date, reading);
  if (turns.from != nullptr && turns.from->derived)
    map.wrong("from", "derived_fact", "is only known once the rule applies");
  const auto method = map.one_of("method", words::names_of(words::turn_methods));
  if (!map.has("method")) map.missing("method");
  turns.method = calendar::parse_month_rule(method.value_or("")).value_or(turns.method);
  if (turns.method == calendar::MonthRule::days && !turns.every.days_only())
    map.wrong("method", "wrong_method", "counts days only, and the period holds months or years");
}

}  // namespace

Turns read_turns(YamlMap& map, Reading& reading) {
  Turns turns;
  if (map.has("recurrence"))
    read_recurrence(map, turns);
  else
    read_every(map, turns, reading);
  turns.steps = read_steps(map, reading);
  turns.text = read_sentences(map, "text", Need::required, reading);
  if (auto first = map.map("first")) {
    turns.first = read_derivation(*first, reading);
    first->finish();
  }
  return turns;
}

}  // namespace rappel::rules
