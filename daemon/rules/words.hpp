// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "rules/program.hpp"

// The closed lists of the rule language: the readers accept these words and no others, and the
// published schema lists the same ones with the same explanations. Private to this module.

namespace rappel::rules::words {

/// A word that a rule file may write, and what it means to a jurist.
struct Word {
  std::string_view name;
  std::string_view doc;
};

inline constexpr std::array statuses{
    Word{"active", "in force: citizens are evaluated by it"},
    Word{"draft", "checked and tested, never evaluated"},
};
inline constexpr std::array confidences{
    Word{"high", "the sources were read in their own text"},
    Word{"medium", "a part was read on pages that explain the source"},
    Word{"low", "a part comes from memory; the rule must stay a draft"},
};
inline constexpr std::array lanes{
    Word{"legal_deadline", "a limit of law"},
    Word{"transactional", "an answer that somebody waits for"},
    Word{"advice", "good to know; nothing is lost without it"},
};
inline constexpr std::array misfires{
    Word{"fire_now", "sent late all the same"},
    Word{"skip", "dropped once its moment has passed"},
};
inline constexpr std::array subjects{
    Word{"citizen", "one deadline for the person"},
    Word{"document", "one for each identity document, licence or permit"},
    Word{"child", "one for each child"},
    Word{"vehicle", "one for each vehicle"},
    Word{"benefit", "one for each benefit"},
    Word{"claim", "one for each claim made to an administration"},
    Word{"document_request", "one for each letter that asks for documents of a claim"},
    Word{"event", "one for each life event of the types named in \"events\""},
};
inline constexpr std::array rollovers{
    Word{"none", "the limit stays, even on a closed day: the end of a validity"},
    Word{"next_working_day", "to the next worked day (CPC 642)"},
    Word{"previous_working_day", "to the worked day before"},
    Word{"as_published", "an authority published the date: never shifted"},
};
inline constexpr std::array natures{
    Word{"limit", "something has to be done by then; meant when left out"},
    Word{"milestone", "something comes about by itself on that day: nothing is missed when it is over"},
};
inline constexpr std::array cap_classes{
    Word{"statutory", "the law makes us say it"},
    Word{"service", "a service to the citizen; meant when left out"},
    Word{"advice", "good to know"},
};
inline constexpr std::array methods{
    Word{"quantieme", "the same day number, else the last day of the month (CPC 641)"},
    Word{"end_sticky", "from a month's end to a month's end (CGI 641)"},
    Word{"end_of_nth_month", "the last day of the month reached (C. service national R*111-1)"},
    Word{"days", "days only; the delay holds no months and no years"},
};
/// Of a limit that comes back; there the step `day_of_month: 31` leads to a month's end.
inline constexpr std::array turn_methods{methods[0], methods[1], methods[3]};
inline constexpr std::array worked_days{
    Word{"ouvre", "Monday to Friday, holidays excepted"},
    Word{"ouvrable", "Monday to Saturday, holidays excepted"},
};
inline constexpr std::array anchors{
    Word{"due", "the limit; meant when left out"},
    Word{"opening", "the first day, as opens_on gives it"},
};
/// In the order of std::chrono::weekday.
inline constexpr std::array weekdays{
    Word{"sunday", "dimanche"},    Word{"monday", "lundi"},   Word{"tuesday", "mardi"},
    Word{"wednesday", "mercredi"}, Word{"thursday", "jeudi"}, Word{"friday", "vendredi"},
    Word{"saturday", "samedi"},
};
/// The clock of CRPA L114-5 is the only one that we know.
inline constexpr std::array clock_stops{
    Word{"document.requested", "the administration asks for missing documents (CRPA L114-5)"},
};
inline constexpr std::array clock_starts{
    Word{"document.received", "the last missing document came"},
    Word{"delay_over", "the delay given to send the documents is over"},
};
inline constexpr std::array example_states{
    Word{"open", "still to be done; meant when left out"},
    Word{"met", "done in time"},
    Word{"missed", "the limit has passed"},
};

/// A step's own key, in the order in which its reader looks for them.
struct StepWord {
  std::string_view name;
  Step::Kind kind;
  std::string_view doc;
};
inline constexpr std::array steps{
    StepWord{"add", Step::Kind::delay,
             "a delay later, counted as \"method\" says: P10Y, P3M, -P30D"},
    StepWord{"claim_delay", Step::Kind::claim_delay,
             "the claim's own delay when a decree gives one, else this one, counted as \"method\" "
             "says"},
    StepWord{"worked_days", Step::Kind::worked_days,
             "so many worked days later, or earlier when negative; \"kind\" says which days count"},
    StepWord{"day_of_month", Step::Kind::day_of_month,
             "that day of the same month, 1 to 31; 31 is its last day"},
    StepWord{"date_in_year", Step::Kind::date_in_year,
             "a day of the same year as \"MM-DD\", or \"years\" years on"},
    StepWord{"weekday_before", Step::Kind::weekday_before,
             "the last such weekday strictly before, or the \"count\"th one counted backwards"},
    StepWord{"quarter_end", Step::Kind::quarter_end, "the last day of the quarter"},
    StepWord{"franc", Step::Kind::franc, "the day more of a délai franc"},
};

inline constexpr int version_max = 100'000;
inline constexpr int worked_days_max = 400;
inline constexpr int years_max = 100;
inline constexpr int weekdays_max = 100;

/// The names of a table, in its order.
template <typename Table>
std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> names;
  for (const auto& word : table) names.emplace_back(word.name);
  return names;
}

}  // namespace rappel::rules::words
