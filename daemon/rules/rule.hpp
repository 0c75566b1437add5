// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "profile/area.hpp"
#include "reminder/reminder.hpp"

namespace rappel::rules {

/// The same sentence in both languages.
struct Text {
  std::string fr, en;
  bool operator==(const Text&) const = default;
};

/// A source of law, as it is printed in messages and pages.
struct LegalReference {
  std::string text;  ///< "CRPA, article L114-5"
  std::string url;
  std::optional<CivilDate> version_date;  ///< of the text that was read
};

enum class Confidence { high, medium, low };

/// Which cap on messages of a day a reminder counts against.
enum class CapClass { statutory, service, advice };

/// The conditions, dates and sentences of a rule, compiled; see rules/program.hpp.
struct Program;

/// One version of a deadline rule, as a jurist reads it. Immutable once loaded.
struct Rule {
  std::string id;  ///< "fr.identity.cni_majeur": the path of its file below templates/deadlines
  std::string country;  ///< "fr": the first folder of that path
  int version = 0;
  bool active = false;  ///< status: active; a draft is checked and tested, never evaluated
  Confidence confidence = Confidence::low;
  Text title;
  std::string topic;  ///< what a citizen may mute
  bool statutory = false;
  Lane lane = Lane::transactional;
  Misfire misfire = Misfire::fire_now;
  std::optional<CivilDate> valid_from, valid_to;  ///< of this version, both included
  CapClass cap_class = CapClass::service;
  std::vector<std::string> packs;       ///< life events that it belongs to: "birth", "move"
  std::vector<std::string> supersedes;  ///< ids of rules whose deadline for the same subject it replaces
  std::vector<LegalReference> legal;
  Text consequence;                        ///< of missing it; may be empty
  std::vector<std::string> messages;       ///< names of the message templates its stages use
  std::vector<std::string> values;         ///< names of the values it gives to them
  profile::Areas areas;                    ///< what of a profile can change its answer
  std::string path;                        ///< of its file
  std::string text;                        ///< the file itself, for the record of rule versions
  std::string hash;                        ///< BLAKE2b-256 of the text, 64 hexadecimal digits
  std::string basis;                       ///< the same of all that its answer rests on: this text,
                                           ///< its campaign's and its country's public holidays
  std::shared_ptr<const Program> program;  ///< shared by the copies of this rule
};

}  // namespace rappel::rules
