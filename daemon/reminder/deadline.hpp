// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "base/id.hpp"
#include "base/instant.hpp"
#include "reminder/states.hpp"

namespace rappel {

/// One rule applied to one citizen and one subject (a document, a child, a claim, a tax year).
struct Deadline {
  DeadlineId id;  ///< derived from citizen, rule, subject and occurrence: planning twice finds it again
  CitizenId citizen;
  std::string rule;        ///< "fr.identity.cni_majeur"
  int rule_version = 0;
  std::string subject;     ///< which document, child or claim; "" when the citizen is the subject
  std::string occurrence;  ///< which turn of a recurring rule ("2027"); "" otherwise
  std::optional<CivilDate> opens_on;
  CivilDate due_on{};
  std::optional<CivilDate> safe_on;  ///< last worked day that is surely in time, when not due_on
  DeadlineState state = DeadlineState::open;
  bool statutory = false;
  std::string topic;  ///< what a citizen may mute: "identity", "tax", "procedure"
  /// The reasons: {line: {fr,en}, conditions: […], arithmetic: […], legal: […], facts: {…}}.
  /// Holds personal facts: sealed before it reaches SQL.
  boost::json::object explanation;
};

}  // namespace rappel
