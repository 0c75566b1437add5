// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "calendar/period.hpp"
#include "calendar/working_days.hpp"
#include "profile/event.hpp"
#include "rules/campaign.hpp"
#include "rules/condition.hpp"
#include "rules/sentence.hpp"

namespace rappel::rules {

/// One move of a date.
struct Step {
  enum class Kind : std::uint8_t {
    delay,
    claim_delay,     ///< the claim's own delay when a decree gives one, else `period`
    worked_days,
    franc,           ///< the day more of a delai franc
    day_of_month,    ///< to day `count` of the month, or its last one
    date_in_year,    ///< to a month and day, `count` years on
    weekday_before,  ///< to the `count`th such weekday before
    quarter_end      ///< to the last day of the quarter
  };
  Kind kind = Kind::delay;
  calendar::Period period;
  calendar::MonthRule method = calendar::MonthRule::quantieme;
  int count = 0;
  calendar::WorkedDay worked = calendar::WorkedDay::ouvre;
  std::chrono::month_day day{};
  std::chrono::weekday weekday{};
  Sentences text;
};

/// One way to a date; the first whose condition holds is taken.
struct Branch {
  Condition when;
  const Fact* from = nullptr;
  Sentences text;  ///< how the date is known when there is no step
  std::vector<Step> steps;
};

struct Derivation {
  std::vector<Branch> branches;
};

struct CampaignUse {
  std::shared_ptr<const Campaign> campaign;  // shared by the rules that read the same dates
  Sentences text;                            ///< where the date comes from
  Sentences not_published;                   ///< the note of a year that is missing
};

/// A limit that comes back: on the dates of a calendar, or each period since a fact.
struct Turns {
  std::vector<CivilDate> dates;  ///< of a recurrence (RFC 5545), expanded when the rule is loaded
  calendar::Period every;        ///< when `dates` is empty
  calendar::MonthRule method = calendar::MonthRule::quantieme;
  const Fact* from = nullptr;
  std::vector<Step> steps;          ///< from the day that comes back to its limit
  std::optional<Derivation> first;  ///< no turn before this day
  Sentences text;
};

/// What the citizen does next, by how far the procedure has come.
struct NextStep {
  Condition when;
  std::string state;
  Sentences text;
};

struct Stage {
  enum class Kind : std::uint8_t { from_due, from_opening, halfway };
  std::string name;
  Kind kind = Kind::from_due;
  calendar::Period offset;
  const Fact* since = nullptr;  ///< of halfway: where the delay starts
  std::chrono::minutes at{};
  std::string message;
};

struct MessageValue {
  std::string name;
  const Fact* fact = nullptr;
};

/// What must come out of an example, as its file writes it.
struct Expectation {
  std::string subject, occurrence;
  bool subject_given = false, occurrence_given = false;
  std::optional<CivilDate> due_on, opens_on, safe_on;
  bool safe_given = false;
  std::string state;
  std::vector<CivilDate> stages;
  bool stages_given = false;
};

struct Example {
  std::string name;
  CivilDate as_of{};
  std::vector<Event> events;
  std::vector<Expectation> deadlines;
  std::optional<bool> note;
  std::optional<CivilDate> reevaluate_on;
};

struct Program {
  Scope scope = Scope::citizen;
  Condition when;
  Derivation due;
  std::optional<CampaignUse> campaign;  ///< instead of `due`
  std::optional<Turns> turns;           ///< instead of `due`
  std::vector<std::string> events;      ///< of for_each: event, the types it is applied to
  /// The clock stops while a document asked for is missing, at most for the delay given (CRPA L114-5).
  std::optional<Sentences> suspension;
  std::optional<Derivation> opens;
  calendar::Rollover rollover = calendar::Rollover::none;
  bool milestone = false;  ///< comes about by itself: nothing is missed when the day is over
  Condition satisfied;  ///< empty: only deadline.done
  calendar::Period grace{0, 0, 60};
  std::vector<Stage> stages;
  std::vector<NextStep> next_steps;
  std::vector<MessageValue> values;
  Sentences line;
  std::string legal_short;
  std::vector<Example> examples;
};

}  // namespace rappel::rules
