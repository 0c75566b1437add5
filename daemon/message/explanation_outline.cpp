// SPDX-License-Identifier: Apache-2.0
#include "message/explanation_outline.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "message/typography.hpp"
#include "profile/labels.hpp"

namespace rappel::message {
namespace {

namespace json = boost::json;

/// Every word of the page that does not come from the rule.
struct Words {
  std::string_view when, next, human, why, how, after, law, sure, rule;  // headings
  std::string_view limit, day, opening, opening_is, safe, step, same, known, unknown, yes, no, version, law_asks,
      call_somebody, call_phone;
};

constexpr Words french{
    "Pour quand", "Ce que vous pouvez faire maintenant", "Qui peut vous aider", "Pourquoi cela vous concerne",
    "Comment la date est calculée", "Après cette date", "Les textes",
    "Est-ce sûr ?", "Quelle règle le dit",
    "Date limite : {}.", "Date : {}.", "Début : {}.", "Début : {} ({}).",
    "Pour ne pas risquer d'être en retard, agissez au plus tard le {}.",
    "{}. Départ : {}. Résultat : {}.", "{} : {}.", "({} : {})", "pas d'information", "oui", "non",
    "(version du {})", "La loi demande de vous prévenir : ce rappel ne peut pas être coupé.",
    "Appelez {name} au {phone}.", "Appelez le {phone}."};

constexpr Words english{
    "By when", "What you can do now", "Who can help you", "Why it concerns you", "How the date is worked out",
    "After that date", "The law", "How sure is it?", "Which rule says so",
    "Deadline: {}.", "Date: {}.", "Beginning: {}.", "Beginning: {} ({}).",
    "To be sure to be in time, act by {}.",
    "{}. Start: {}. Result: {}.", "{}: {}.", "({}: {})", "nothing known", "yes", "no",
    "(version of {})", "The law asks that you be told: this reminder cannot be muted.",
    "Call {name} on {phone}.", "Call {phone}."};

std::string_view state_words(DeadlineState state, bool milestone, Language language) {
  const bool fr = language == Language::fr;
  if (milestone && state == DeadlineState::met)
    return fr ? "Cette date est arrivée, ou l'affaire est réglée." : "That date has come, or the matter is settled.";
  switch (state) {
    case DeadlineState::open: return {};
    case DeadlineState::met: return fr ? "C'est fait." : "It is done.";
    case DeadlineState::missed: return fr ? "Cette date est passée." : "That date is past.";
    case DeadlineState::withdrawn:
      return fr ? "Cette échéance ne vous concerne plus." : "This deadline does not concern you any more.";
    case DeadlineState::superseded:
      return fr ? "Une autre échéance remplace celle-ci." : "Another deadline replaces this one.";
  }
  return {};
}

/// What the word in the explanation stands for: docs/GLOSSARY.md.
std::string_view confidence_words(std::string_view confidence, Language language) {
  const bool fr = language == Language::fr;
  if (confidence == "high")
    return fr ? "Oui : nous avons lu une source officielle."
              : "Yes: an official source has been read.";
  if (confidence == "medium")
    return fr ? "En partie : la règle a été lue, mais pas tous ses textes officiels. Vérifiez auprès du service."
              : "In part: the rule has been read, but not all of its official texts. Check with the office.";
  if (confidence == "low")
    return fr ? "Non : cette règle reste à vérifier. Demandez au service."
              : "No: this rule is still to be checked. Ask the office.";
  return {};
}

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value ? value->if_object() : nullptr;
}

/// Capital letter first: ASCII, and the accented letters of Latin-1 (à is C3 A0, À is C3 80).
std::string capitalised(std::string text) {
  if (text.empty()) return text;
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = char(text[0] - 'a' + 'A');
  const auto second = text.size() > 1 ? static_cast<unsigned char>(text[1]) : 0;
  if (text[0] == '\xc3' && second >= 0xa0 && second != 0xb7) text[1] = char(second - 0x20);
  return text;
}

/// A step that a rule writes as half a sentence.
std::string closed_sentence(std::string text) {
  if (!text.empty() && std::string_view(".!?").find(text.back()) == std::string_view::npos) text += '.';
  return text;
}

class Writer {
 public:
  Writer(const Deadline& deadline, Language language, const HumanHelp& human)
      : deadline_(deadline),
        human_(human),
        told_(deadline.explanation),
        language_(language),
        words_(language == Language::fr ? french : english) {}

  Outline write() {
    outline_.title = both_at(told_, "title");
    if (outline_.title.empty()) outline_.title = deadline_.rule;
    add("", both_at(told_, "line"));
    add_dates();
    if (const auto* next = object_at(told_, "next_step")) add(words_.next, in_language(*next));
    add_human();
    add_each("conditions", words_.why, Shape::list, &Writer::condition);
    add_each("arithmetic", words_.how, Shape::steps, &Writer::step);
    add(words_.after, both_at(told_, "consequence"));
    add_each("legal", words_.law, Shape::list, &Writer::law);
    add(words_.sure, std::string(confidence_words(text_at(told_, "confidence"), language_)));
    add_rule();
    return std::move(outline_);
  }

 private:
  using Shape = OutlineSection::Shape;
  using Read = OutlineLine (Writer::*)(const json::object&) const;

  void add(std::string_view heading, std::string text) {
    if (text.empty()) return;
    outline_.sections.push_back({std::string(heading), Shape::paragraphs, {{std::move(text), {}, {}}}});
  }

  void add_dates() {
    OutlineSection dates{std::string(words_.when), Shape::paragraphs, {}};
    const auto say = [&](std::string text) { dates.lines.push_back({std::move(text), {}, {}}); };
    const bool milestone = text_at(told_, "nature") == "milestone";
    say(fmt::format(fmt::runtime(milestone ? words_.day : words_.limit), date(deadline_.due_on)));
    if (const auto state = state_words(deadline_.state, milestone, language_); !state.empty())
      say(std::string(state));
    if (deadline_.opens_on) say(opening(*deadline_.opens_on));
    if (deadline_.safe_on && deadline_.state == DeadlineState::open)
      say(fmt::format(fmt::runtime(words_.safe), date(*deadline_.safe_on)));
    outline_.sections.push_back(std::move(dates));
  }

  [[nodiscard]] std::string opening(CivilDate day) const {
    const auto what = both_at(told_, "opening");
    return what.empty() ? fmt::format(fmt::runtime(words_.opening), date(day))
                        : fmt::format(fmt::runtime(words_.opening_is), date(day), what);
  }

  void add_each(std::string_view key, std::string_view heading, Shape shape, Read read) {
    const auto* list = told_.if_contains(key);
    if (list == nullptr || !list->is_array()) return;
    OutlineSection section{std::string(heading), shape, {}};
    for (const auto& item : list->get_array()) {
      if (!item.is_object()) continue;
      auto line = (this->*read)(item.get_object());
      if (!line.text.empty()) section.lines.push_back(std::move(line));
    }
    if (!section.lines.empty()) outline_.sections.push_back(std::move(section));
  }

  /// What did not hold did not decide.
  [[nodiscard]] OutlineLine condition(const json::object& object) const {
    if (const auto* holds = object.if_contains("holds"); holds && *holds == json::value(false))
      return {};
    OutlineLine line{both_at(object, "text"), {}, {}};
    const auto* value = object.if_contains("value");
    if (const auto fact = text_at(object, "fact"); !fact.empty() && value != nullptr)
      line.note = known(fact, *value);
    return line;
  }

  /// "(document : carte d'identité)".
  [[nodiscard]] std::string known(const std::string& fact, const json::value& value) const {
    const auto label = profile::label_of_name(fact, language_);
    return fmt::format(fmt::runtime(words_.known), label.empty() ? fact : label, shown(value, fact));
  }

  [[nodiscard]] OutlineLine step(const json::object& object) const {
    const auto text = capitalised(both_at(object, "text"));
    const auto from = parse_iso_date(text_at(object, "from"));
    const auto to = parse_iso_date(text_at(object, "to"));
    if (text.empty() || !from || !to || says(text, *to)) return {closed_sentence(text), {}, {}};
    if (*from == *to)
      return {fmt::format(fmt::runtime(words_.same), text, date(*to)), {}, {}};
    return {fmt::format(fmt::runtime(words_.step), text, date(*from), date(*to)), {}, {}};
  }

  [[nodiscard]] OutlineLine law(const json::object& object) const {
    OutlineLine line{text_at(object, "text"), text_at(object, "url"), {}, true};
    if (const auto version = parse_iso_date(text_at(object, "version_date")))
      line.note = fmt::format(fmt::runtime(words_.version), without_weekday(*version));
    return line;
  }

  void add_human() {
    if (human_.phone.empty()) return;
    const auto words = human_.name.empty() ? words_.call_phone : words_.call_somebody;
    add(words_.human, fmt::format(fmt::runtime(words), fmt::arg("name", human_.name),
                                  fmt::arg("phone", human_.phone)));
  }

  void add_rule() {
    OutlineSection section{std::string(words_.rule), Shape::paragraphs, {}};
    section.lines.push_back({fmt::format("{}, version {}{}", deadline_.rule, deadline_.rule_version,
                                         deadline_.subject.empty() ? "" : " (" + deadline_.subject + ")"),
                             {}, {}});
    if (deadline_.statutory) section.lines.push_back({std::string(words_.law_asks), {}, {}});
    outline_.sections.push_back(std::move(section));
  }

  [[nodiscard]] std::string in_language(const json::object& both) const {
    auto text = text_at(both, to_string(language_));
    return text.empty() ? text_at(both, language_ == Language::fr ? "en" : "fr") : text;
  }

  [[nodiscard]] std::string both_at(const json::object& object, std::string_view key) const {
    const auto* both = object_at(object, key);
    return both == nullptr ? std::string() : in_language(*both);
  }

  [[nodiscard]] std::string date(CivilDate day) const { return format_date(day, language_); }

  [[nodiscard]] std::string without_weekday(CivilDate day) const {
    const auto text = date(day);
    return text.substr(text.find(' ') + 1);
  }

  /// A sentence that names its date needs no second mention of it.
  [[nodiscard]] bool says(const std::string& text, CivilDate day) const {
    const auto at = text.find(without_weekday(day));
    if (at == std::string::npos) return false;
    // "2 janvier" stands in "12 janvier" too.
    return at == 0 || text[at - 1] < '0' || text[at - 1] > '9';
  }

  [[nodiscard]] std::string shown(const json::value& value, std::string_view fact) const {
    if (value.is_bool()) return std::string(value.get_bool() ? words_.yes : words_.no);
    if (value.is_null()) return std::string(words_.unknown);
    if (value.is_int64()) return fmt::format("{}", value.get_int64());
    if (value.is_array()) return shown_list(value.get_array(), fact);
    if (!value.is_string()) return std::string(words_.unknown);
    const std::string text(value.get_string());
    const auto day = parse_iso_date(text);
    if (day) return without_weekday(*day);
    const auto label = profile::label_of_word(fact, text, language_);
    return label.empty() ? text : std::string(label);
  }

  [[nodiscard]] std::string shown_list(const json::array& list, std::string_view fact) const {
    std::string text;
    for (const auto& item : list) text += (text.empty() ? "" : ", ") + shown(item, fact);
    return text.empty() ? std::string(words_.unknown) : text;
  }

  const Deadline& deadline_;
  const HumanHelp& human_;
  const json::object& told_;
  Language language_;
  const Words& words_;
  Outline outline_;
};

}  // namespace

Outline outline_of(const Deadline& deadline, Language language, const HumanHelp& human) {
  return Writer(deadline, language, human).write();
}

}  // namespace rappel::message
