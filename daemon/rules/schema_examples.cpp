// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "profile/vocabulary.hpp"
#include "rules/schema_parts.hpp"

namespace rappel::rules::schema {
namespace {

using profile::Field;
using profile::FieldType;

json::object object_of(const profile::Shape& shape);

json::object short_text(const Field& field) {
  auto schema = text();
  schema["maxLength"] = field.max;
  return schema;
}

json::object value_of(const Field& field) {
  switch (field.type) {
    case FieldType::date:
      return refer_to("date");
    case FieldType::integer:
      return whole(field.min, field.max);
    case FieldType::boolean:
      return truth();
    case FieldType::choice:
      return one_of_words({field.choices.begin(), field.choices.end()}, {});
    case FieldType::time:
      return pattern("^([01][0-9]|2[0-3]):[0-5][0-9]$", "write HH:MM");
    case FieldType::period:
      return refer_to("period_forward");
    case FieldType::insee:
      return pattern(
          "^(2[AB]|[0-9]{2})[0-9]{3}$",
          "write the INSEE code of a commune between quotes: \"75056\", not the postcode");
    case FieldType::country:
      return pattern("^[A-Z]{2}$", "write two capital letters such as FR");
    case FieldType::topic:
      return refer_to("word");
    case FieldType::object:
      return object_of(*field.shape);
    case FieldType::text:
    case FieldType::phone:
    case FieldType::email:
      return short_text(field);
  }
  return {};
}

json::object null() {
  json::object schema;
  schema["type"] = "null";
  return schema;
}

json::object field_schema(const Field& field) {
  auto value = value_of(field);
  if (field.list) {
    value = list_of(std::move(value));
    value["maxItems"] = profile::list_items_max;
  }
  return field.nullable ? any_of({std::move(value), null()}) : value;
}

json::object object_of(const profile::Shape& shape) {
  Closed object("");
  for (const auto& field : shape.fields) {
    const auto doc = field.doc.empty() ? fmt::format("{} of {}", field.name, shape.name)
                                       : std::string(field.doc);
    if (field.required)
      object.need(field.name, field_schema(field), doc);
    else
      object.may(field.name, field_schema(field), doc);
  }
  return object.take();
}

/// Events whose data has one shape.
struct EventsAlike {
  const profile::Shape* shape;
  Names events;
};

std::vector<EventsAlike> events_of_one_shape() {
  std::vector<EventsAlike> groups;
  for (const auto& type : profile::event_types()) {
    if (type.ours) continue;
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const EventsAlike& group) {
      return group.shape == type.data;
    });
    auto& group = same == groups.end() ? groups.emplace_back(EventsAlike{type.data, {}}) : *same;
    group.events.emplace_back(type.name);
  }
  return groups;
}

json::object event_names() {
  Names names, docs;
  for (const auto& type : profile::event_types()) {
    if (type.ours) continue;
    names.emplace_back(type.name);
    docs.emplace_back(type.doc);
  }
  return one_of_words(names, docs);
}

/// By the type that is named, the data that it takes.
json::object data_of(const EventsAlike& group) {
  auto of_type = property("type", one_of_words(group.events, {}));
  of_type["required"] = array_of({"type"});
  auto then = property("data", refer_to("data_of_" + group.events.front()));
  const auto& fields = group.shape->fields;
  if (std::any_of(fields.begin(), fields.end(), [](const Field& field) { return field.required; }))
    then["required"] = array_of({"data"});
  return when(std::move(of_type), std::move(then));
}

json::object event(const std::vector<EventsAlike>& groups) {
  json::object data;
  data["type"] = "object";
  Closed schema("One event, as the API takes it.");
  schema.need("type", event_names(), "what happened")
      .may("on", refer_to("date"), "its day; the day of the example when left out")
      .may("data", std::move(data), "what is told of it; docs/VOCABULARY.md says which");
  for (const auto& group : groups) schema.rule(data_of(group));
  return schema.take();
}

json::object any_text() {
  json::object schema;
  schema["type"] = "string";
  return schema;
}

json::object expectation() {
  Closed schema("A deadline that must come out.");
  return schema.need("due_on", refer_to("date"), "its limit")
      .may("subject", any_text(), "the id of its document, child, claim …; \"\" for the citizen")
      .may("occurrence", any_text(), "its turn: the year, or the day that comes back")
      .may("opens_on", refer_to("date"), "its first day")
      .may("safe_on", any_of({refer_to("date"), constant("none")}),
           "the last worked day before a limit on a closed day; none when there is none")
      .may("state", one_of(words::example_states), "its state on the day of the example")
      .may("stages", list_of(refer_to("date")), "the days of its reminders")
      .take();
}

json::object example() {
  Closed schema("Events, and what must come out of them.");
  return schema.need("name", text(), "one sentence that says what it proves")
      .need("as_of", refer_to("date"), "the day on which it is looked at")
      .may("given", list_of(refer_to("event")), "the events of one citizen, in order")
      .need("expect", list_of(refer_to("expectation")), "the deadlines of this rule; [] for none")
      .may("note", truth(), "whether the rule says something without a deadline")
      .may("reevaluate_on", refer_to("date"), "the first day on which the answer may be another")
      .take();
}

}  // namespace

void add_examples(json::object& definitions) {
  const auto groups = events_of_one_shape();
  definitions["example"] = example();
  definitions["event"] = event(groups);
  definitions["expectation"] = expectation();
  for (const auto& group : groups)
    definitions["data_of_" + group.events.front()] = object_of(*group.shape);
}

}  // namespace rappel::rules::schema
