// SPDX-License-Identifier: Apache-2.0
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <charconv>

#include "profile/vocabulary.hpp"
#include "rules/reading.hpp"
#include "rules/words.hpp"

namespace rappel::rules {
namespace {

namespace json = boost::json;

/// YAML as the JSON that a caller of the API would have written: what stands between quotes is a
/// text, a plain number or true or false is one.
json::value scalar_json(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return json::value(text);
  if (text == "true") return json::value(true);
  if (text == "false") return json::value(false);
  std::int64_t number = 0;
  const auto* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (!text.empty() && error == std::errc() && end == last) return json::value(number);
  return json::value(text);
}

json::value yaml_json(const YAML::Node& node) {
  if (!node.IsDefined() || node.IsNull()) return nullptr;
  if (node.IsScalar()) return scalar_json(node);
  if (node.IsSequence()) {
    json::array list;
    for (const auto& item : node) list.push_back(yaml_json(item));
    return list;
  }
  json::object object;
  for (const auto& item : node) object[item.first.Scalar()] = yaml_json(item.second);
  return object;
}

Event read_event(YamlMap& item, CivilDate as_of, Reading& reading) {
  Event event;
  event.type = item.required_text("type");
  event.occurred_at =
      std::chrono::sys_days(item.date("on").value_or(as_of)) + std::chrono::hours{12};
  event.recorded_at = event.occurred_at;
  const auto data = yaml_json(item.node("data"));
  if (item.has("data") && !data.is_object())
    item.wrong("data", "wrong_type", "must be a mapping (key: value)");
  auto checked =
      profile::check_event(event.type, data.is_object() ? data.get_object() : json::object{});
  if (checked) {
    event.data = std::move(*checked);
  } else {
    Problem problem = checked.error();
    problem.detail = event.type + problem.where + " " + problem.detail;
    problem.where = item.where();
    reading.problems.push_back(std::move(problem));
  }
  item.finish();
  return event;
}

Expectation read_expectation(YamlMap& item) {
  Expectation expected;
  expected.subject_given = item.has("subject");
  expected.subject = item.text("subject").value_or("");
  expected.occurrence_given = item.has("occurrence");
  expected.occurrence = item.text("occurrence").value_or("");
  expected.due_on = item.date("due_on");
  if (!item.has("due_on")) item.missing("due_on");
  expected.opens_on = item.date("opens_on");
  expected.safe_given = item.has("safe_on");
  if (expected.safe_given && item.text("safe_on") != "none")
    expected.safe_on = item.date("safe_on");
  expected.state = item.one_of("state", words::names_of(words::example_states)).value_or("open");
  expected.stages_given = item.has("stages");
  for (const auto& text : item.texts("stages")) {
    const auto date = parse_iso_date(text);
    if (!date) item.wrong("stages", "not_a_date", "\"" + text + "\" is not a date that exists");
    if (date) expected.stages.push_back(*date);
  }
  item.finish();
  return expected;
}

}  // namespace

std::vector<Example> read_examples(YamlMap& root, Reading& reading) {
  std::vector<Example> examples;
  for (auto& item : root.maps("examples")) {
    Example example;
    example.name = item.required_text("name");
    if (!item.has("as_of")) item.missing("as_of");
    example.as_of = item.date("as_of").value_or(CivilDate{std::chrono::sys_days{}});
    for (auto& event : item.maps("given"))
      example.events.push_back(read_event(event, example.as_of, reading));
    if (!item.node("expect").IsDefined()) item.missing("expect");
    for (auto& expected : item.maps("expect"))
      example.deadlines.push_back(read_expectation(expected));
    example.note = item.boolean("note");
    example.reevaluate_on = item.date("reevaluate_on");
    item.finish();
    examples.push_back(std::move(example));
  }
  if (examples.empty()) root.missing("examples");
  return examples;
}

}  // namespace rappel::rules
