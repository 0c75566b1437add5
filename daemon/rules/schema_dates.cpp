// SPDX-License-Identifier: Apache-2.0
#include "rules/schema_parts.hpp"

namespace rappel::rules::schema {
namespace {

constexpr std::string_view from_doc = "the fact whose date is counted from";
constexpr std::string_view steps_doc = "the moves that lead from there to the date, in order";
constexpr std::string_view text_doc = "says where the date comes from; required without steps";

json::object told_condition() {
  json::array both;
  both.emplace_back(refer_to("condition"));
  both.emplace_back(refer_to("told"));
  json::object schema;
  schema["allOf"] = std::move(both);
  return schema;
}

/// Steps say the date in words; without one, a text does.
json::object steps_or_text() {
  auto steps = property("steps", json::object{{"minItems", 1}});
  steps["required"] = array_of({"steps"});
  return any_of({required({"text"}), std::move(steps)});
}

json::object case_of() {
  Closed schema("One way to the date; the first whose condition holds is taken.");
  return schema
      .may("when", refer_to("told_condition"),
           "when this case is taken; only the last may be without")
      .need("from", text(), from_doc)
      .may("steps", list_of(refer_to("step")), steps_doc)
      .may("text", refer_to("sentence"), text_doc)
      .rule(steps_or_text())
      .take();
}

Closed& add_derivation(Closed& schema) {
  return schema.may("from", text(), from_doc)
      .may("steps", list_of(refer_to("step")), steps_doc)
      .may("text", refer_to("sentence"), text_doc)
      .may("cases", list_of_some(refer_to("case")),
           "several ways to the date; the first that holds");
}

json::object plain_from() {
  return when(json::object{{"not", required({"cases"})}}, steps_or_text());
}

json::object derivation() {
  Closed schema("How a date is derived: from a fact by steps, or by cases.");
  return add_derivation(schema)
      .rule(exactly_one({"from", "cases"}))
      .rule(with_key("cases", {}, {}))
      .rule(plain_from())
      .take();
}

json::object every_by_days() {
  auto by_days = property("method", constant("days"));
  by_days["required"] = array_of({"method"});
  return when(std::move(by_days), property("every", refer_to("period_of_days")));
}

json::object due() {
  Closed schema("How the limit is derived.");
  add_derivation(schema)
      .may("campaign", refer_to("word"), "a file of templates/calendar/campaigns, without .yaml")
      .may("not_published", refer_to("sentence"),
           "of a campaign: said while the year's dates are missing")
      .may("recurrence", refer_to("recurrence"), "the days that come back, as an RFC 5545 rule")
      .may("start", refer_to("date"), "of a recurrence: its first day")
      .may("every", refer_to("period_forward"), "the limit comes back each time this has passed")
      .may("method", one_of(words::turn_methods), "of every: how months and years are counted")
      .may("first", refer_to("derivation"), "of a limit that comes back: no turn before this day");
  const auto plain = any_of(
      {required({"cases"}), required({"campaign"}), required({"recurrence"}), required({"every"})});
  return schema.rule(exactly_one({"campaign", "recurrence", "cases", "from"}))
      .rule(with_key("cases", {}, {}))
      .rule(with_key("campaign", {"text", "not_published"}, {}))
      .rule(with_key("recurrence", {"start", "text"}, {"steps", "first"}))
      .rule(with_key("every", {"from", "method", "text"}, {"steps", "first"}))
      .rule(when(json::object{{"not", plain}}, with_key("from", {}, {"steps", "text"})))
      .rule(when(json::object{{"not", plain}}, steps_or_text()))
      .rule(every_by_days())
      .take();
}

json::object stage() {
  Closed schema("One reminder: a day, an hour and a message.");
  auto from_opening = property("from", constant("opening"));
  from_opening["required"] = array_of({"from"});
  auto counted = when(std::move(from_opening), json::object{});
  counted["else"] = property("offset", refer_to("period_back"));
  return schema.need("name", refer_to("word"), "its name, unique among the stages: seven_days")
      .may("offset", refer_to("period"), "how far from the limit or the opening: -P30D")
      .may("from", one_of(words::anchors), "what the offset counts from")
      .may("halfway_since", text(),
           "instead of offset: halfway from the date of this fact to the limit")
      .may("at", refer_to("hour"), "its hour, when not that of all stages")
      .may("message", refer_to("word"), "its message template, when not that of all stages")
      .rule(exactly_one({"offset", "halfway_since"}))
      .rule(with_key("halfway_since", {}, {"name", "at", "message"}))
      .rule(std::move(counted))
      .take();
}

/// An hour and a message, for all the stages or in each of them.
json::object above_or_in_each(const std::string& key) {
  return any_of({required({key}), property("stages", list_of(required({key})))});
}

json::object reminders() {
  Closed schema("When the citizen is reminded, and with which message.");
  return schema
      .may("at", refer_to("hour"), "the hour of all stages, local time of the citizen: \"09:00\"")
      .may("message", refer_to("word"), "the message template of all stages")
      .need("stages", list_of_some(refer_to("stage")), "the reminders")
      .rule(above_or_in_each("at"))
      .rule(above_or_in_each("message"))
      .take();
}

json::object next_step() {
  Closed schema("What the citizen does next; the first whose condition holds is shown.");
  return schema
      .need("state", refer_to("word"), "how far the procedure has come, in a word: to_book")
      .may("when", refer_to("told_condition"), "when it is shown; always, when left out")
      .need("text", refer_to("sentence"), "what to do next")
      .take();
}

}  // namespace

void add_dates(json::object& definitions) {
  definitions["told_condition"] = told_condition();
  definitions["case"] = case_of();
  definitions["derivation"] = derivation();
  definitions["due"] = due();
  definitions["stage"] = stage();
  definitions["reminders"] = reminders();
  definitions["next_step"] = next_step();
}

}  // namespace rappel::rules::schema
