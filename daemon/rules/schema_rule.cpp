// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "rules/packs.hpp"
#include "rules/schema.hpp"
#include "rules/schema_parts.hpp"

namespace rappel::rules::schema {
namespace {

json::object pack_words() {
  Names names, docs;
  for (const auto& pack : packs()) {
    names.emplace_back(pack.name);
    docs.push_back(fmt::format("{} ({})", pack.fr, pack.en));
  }
  return one_of_words(names, docs);
}

json::object legal() {
  Closed source("A source of law.");
  return source.need("text", text(), "its name: \"CRPA, article L114-5\"")
      .need("url", pattern("^https://", "must start with https://"), "where it can be read")
      .may("version_date", refer_to("date"), "the date of the version that was read")
      .take();
}

json::object suspension() {
  Closed clock("What stops the clock of a claim.");
  return clock.need("event", one_of(words::clock_stops), "the event that stops the clock")
      .need("text", refer_to("sentence"), "says that the clock is stopped, and why")
      .take();
}

json::object fact_names_of_values() {
  json::object schema;
  schema["type"] = "object";
  schema["additionalProperties"] = text();
  return schema;
}

void add_standing(Closed& rule) {
  rule.need("id", refer_to("id"), "the path of the file below templates/deadlines, with dots")
      .need("version", whole(1, words::version_max), "1, then one more for each change of the law")
      .need("status", one_of(words::statuses), "whether citizens are evaluated by it")
      .need("confidence", one_of(words::confidences), "how well its sources were read")
      .may("valid_from", refer_to("date"), "the first day on which this version is in force")
      .may("valid_to", refer_to("date"), "the last day on which this version is in force")
      .need("title", refer_to("text"), "its name")
      .need("topic", refer_to("word"), "the word under which a citizen may mute it")
      .need("statutory", truth(), "true: the law makes us say it; it cannot be muted")
      .need("lane", one_of(words::lanes), "what kind of message it sends")
      .may("misfire", one_of(words::misfires),
           "what becomes of a reminder that could not leave; fire_now when left out")
      .may("consequence", refer_to("text"), "what happens to who misses it")
      .need("legal", list_of_some(legal()), "the sources of law, each read in its own text")
      .may("legal_short", text(), "the short form for messages; the first source when left out");
}

void add_subject_and_dates(Closed& rule) {
  rule.need("for_each", one_of(words::subjects), "what it is applied to: one deadline for each")
      .may("events", list_of(refer_to("life_event")),
           "of for_each: event, the life events it follows")
      .need("when", refer_to("told_condition"), "whom it concerns")
      .need("due", refer_to("due"), "how the limit is derived")
      .may("opens_on", refer_to("derivation"), "the first day; no reminder comes before it")
      .need("rollover", one_of(words::rollovers), "what becomes of a limit on a closed day")
      .may("nature", one_of(words::natures), "whether something can be missed")
      .may("suspended_by", suspension(), "of for_each: claim, what stops the clock (CRPA L114-5)")
      .may("resumed_by", list_of(one_of(words::clock_starts)), "what starts the clock again")
      .may("satisfied_by", refer_to("told_condition"), "closes the deadline as met when it holds")
      .may("grace", refer_to("period"),
           "how long it stays listed once it is over; P60D when left out");
}

void add_what_is_told(Closed& rule) {
  rule.may("packs", list_of(pack_words()), "the moments of life that it belongs to")
      .may("supersedes", list_of(refer_to("id")),
           "rules whose deadline for the same subject it replaces")
      .may("cap_class", one_of(words::cap_classes), "the cap on messages that it counts against")
      .need("reminders", refer_to("reminders"), "when the citizen is reminded")
      .may("next_steps", list_of(refer_to("next_step")),
           "what to do next, by how far things have come")
      .may("values", fact_names_of_values(), "facts given to the message's own placeholders")
      .need("line", refer_to("sentence"), "one sentence that says why")
      .need("examples", list_of_some(refer_to("example")), "what must come out; at least five");
}

json::object rule_of_subject(const words::Word& word) {
  // A pattern: while completing, editors take "document" for the beginning of "document_request".
  json::object name;
  name["pattern"] = fmt::format("^{}$", word.name);
  auto of_subject = property("for_each", std::move(name));
  of_subject["required"] = array_of({"for_each"});
  return when(std::move(of_subject), refer_to(fmt::format("rule_of_{}", word.name)));
}

/// What comes from memory stays a draft.
json::object unread_law() {
  auto low = property("confidence", constant("low"));
  low["required"] = array_of({"confidence"});
  return when(std::move(low), property("status", constant("draft")));
}

json::object whole_rule() {
  Closed rule("A deadline in law: whom it concerns, how its date is derived, when to remind.");
  add_standing(rule);
  add_subject_and_dates(rule);
  add_what_is_told(rule);
  for (const auto& word : words::subjects) rule.rule(rule_of_subject(word));
  return rule.rule(unread_law())
      .rule(when(required({"suspended_by"}), required({"resumed_by"})))
      .rule(when(required({"resumed_by"}), required({"suspended_by"})))
      .take();
}

json::object rule_page() {
  json::object page;
  page["$schema"] = draft;
  page["title"] = "A rule of Rappel";
  for (auto& member : whole_rule()) page[member.key()] = member.value();
  json::object definitions;
  add_forms(definitions);
  add_conditions(definitions);
  add_steps(definitions);
  add_dates(definitions);
  add_subjects(definitions);
  add_examples(definitions);
  page["$defs"] = std::move(definitions);
  return page;
}

}  // namespace
}  // namespace rappel::rules::schema

std::string rappel::rules::rule_schema() {
  return schema::print(schema::rule_page());
}
