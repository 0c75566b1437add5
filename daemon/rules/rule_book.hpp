// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "profile/area.hpp"
#include "calendar/holidays.hpp"
#include "profile/profile.hpp"
#include "reminder/states.hpp"
#include "rules/rule.hpp"

// Deadline rules: rule × profile × as-of → deadlines and why. Pure and deterministic; any thread.
//
//   const auto book = rules::RuleBook::load("templates");   // deadlines/ and calendar/ below it
//   if (!book) for (const auto& problem : book.error()) …    // file:line:column of each
//   const auto evaluation = book->evaluate(profile, today);

namespace rappel::rules {

/// One message of a deadline: a day and a local hour.
struct PlannedStage {
  std::string name;  ///< "six_months"
  CivilDate on{};
  std::chrono::minutes at{};
  std::string message;         ///< the message template
  bool first_contact = false;  ///< the earliest stage of its deadline
};

struct PlannedDeadline {
  std::string rule;
  int version = 0;
  std::string subject;     ///< id of the document, child or claim; "" for the citizen
  std::string occurrence;  ///< "2027" of a yearly rule; "" otherwise
  std::string topic;
  bool statutory = false;
  Lane lane = Lane::transactional;
  Misfire misfire = Misfire::fire_now;
  std::optional<CivilDate> opens_on;
  CivilDate due_on{};
  std::optional<CivilDate> safe_on;           ///< worked day before, when the limit is a closed day
  DeadlineState state = DeadlineState::open;  ///< open, met or missed
  /// {"line": {fr,en}, "rule", "version", "title": {fr,en}, "conditions": [{text: {fr,en}, fact,
  /// value, holds}], "arithmetic": [{text: {fr,en}, from, to}], "legal": [{text, url,
  /// version_date}], "legal_short", "confidence", "nature": "milestone"?, "consequence": {fr,en}?,
  /// "next_step": {state, fr, en}?, "packs": [name]?}
  boost::json::object explanation;
  boost::json::object values;        ///< for the message's own placeholders; dates as ISO texts
  std::vector<PlannedStage> stages;  ///< by day; those whose day is past are listed too
};

/// How much of an answer is made.
enum class Detail {
  dates,  ///< which deadlines, when and in which state; no explanation, no values
  full
};

/// What is asked of the rules about one profile.
struct Query {
  CivilDate as_of{};
  Detail detail = Detail::full;
  /// Only rules that read one of these are asked. True as long as `as_of` lies before the
  /// reevaluate_on of the last full evaluation; reevaluate_on then speaks of these rules only.
  profile::Areas changed = profile::Areas::all();
  std::string_view country = "fr";  ///< whose law: the folder below templates/deadlines

  Query(CivilDate day) : as_of(day) {}
};

/// What a rule has to say without a deadline: "the dates of 2027 are not published yet".
struct Note {
  std::string rule;
  std::string fr, en;
  std::optional<CivilDate> check_on;
};

struct Evaluation {
  std::vector<PlannedDeadline> deadlines;  ///< in the order of the rules, then of the subjects
  /// The first day after as_of on which the same profile may give another answer.
  std::optional<CivilDate> reevaluate_on;
  std::vector<Note> notes;
  /// Of an incremental evaluation: the rules that were left out because nothing they read changed,
  /// sorted. What is stored of them stays true.
  std::vector<std::string_view> left_out;
  std::shared_ptr<const void> book;  ///< keeps the ids that left_out names
};

/// What went wrong in one example of a rule file.
struct ExampleResult {
  std::string rule;
  std::string name;
  std::vector<std::string> differences;  ///< empty: it passed
};

/// Every rule of a folder with the calendars it needs. A value of shared immutable parts.
class RuleBook {
 public:
  /// `directory` holds deadlines/<country>/<theme>/<name>.yaml, calendar/holidays.<country>.yaml and
  /// calendar/campaigns/<name>.yaml. All problems are reported; with one problem nothing is loaded.
  /// `custom` says whether customary holidays count.
  static Checked<RuleBook> load(const std::filesystem::path& directory,
                                calendar::Custom custom = calendar::Custom::left_out);

  /// The deadlines of one citizen as seen on `as_of` (the citizen's own local date). A deadline
  /// that is over stays listed, as met or missed, for the grace named in its rule.
  [[nodiscard]] Evaluation evaluate(const profile::Profile& profile, const Query& query) const;

  /// A short text that is the same for the same rules, calendars and campaigns, and no others.
  [[nodiscard]] const std::string& fingerprint() const;

  /// 16 bytes that are the same for an evaluation of the same profile as long as no rule, campaign or
  /// calendar behind its deadlines has changed, and no date was reached: then nothing is to be
  /// written. Of a full evaluation (nothing left out), of either detail.
  [[nodiscard]] std::string digest(const Evaluation& evaluation) const;

  /// All rules, drafts too, ordered by id and version.
  [[nodiscard]] std::span<const Rule> rules() const;
  /// The latest active version of a rule, else its latest draft; null when there is none.
  [[nodiscard]] const Rule* find(std::string_view id) const;

  /// The public holidays that somebody of a departement lives with, by the law of a country; null when
  /// there are no rules of it. Valid as long as this book.
  [[nodiscard]] const calendar::HolidayZone* holidays_of(std::string_view country,
                                                         std::string_view departement) const;

  /// Runs the examples: table of one rule's file, drafts too.
  [[nodiscard]] std::vector<ExampleResult> run_examples(const Rule& rule) const;

 private:
  struct Parts;
  explicit RuleBook(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}
  std::shared_ptr<const Parts> parts_;  // shared by the copies of this book, never changed
};

}  // namespace rappel::rules
