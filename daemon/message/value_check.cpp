// SPDX-License-Identifier: Apache-2.0
#include "message/value_check.hpp"

#include <fmt/format.h>

#include "base/nearest.hpp"
#include "message/standard_values.hpp"
#include "message/typography.hpp"

namespace rappel::message {
namespace {

/// Gathers faults into one problem.
class Faults {
 public:
  void add(std::string code, const std::string& name, const std::string& detail,
           std::string mend = {}) {
    const std::string sentence = fmt::format("\"{}\" {}", name, detail);
    if (problem_) {
      problem_->detail += "; " + sentence;
      return;
    }
    problem_ =
        Problem{ProblemKind::invalid, std::move(code), sentence, "/" + name, std::move(mend)};
  }
  Expected<Values> give(Values values) {
    if (problem_) return tl::unexpected(std::move(*problem_));
    return values;
  }

 private:
  std::optional<Problem> problem_;
};

std::string fault_of_text(const std::string& text, std::size_t characters_max, bool multiline) {
  if (!is_valid_utf8(text)) return "is not valid UTF-8";
  if (character_count(text) > characters_max)
    return fmt::format("is longer than {} characters", characters_max);
  if (!multiline && text.find_first_of("\r\n") != std::string::npos) return "must be one line";
  return {};
}

/// What is wrong with a value of the right type; an empty text when nothing is.
std::string fault_of(const Value& value, const Placeholder& placeholder) {
  if (const auto* text = std::get_if<std::string>(&value))
    return fault_of_text(*text, placeholder.characters_max, placeholder.multiline);
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) {
    if (texts->size() > list_items_max)
      return fmt::format("has more than {} lines", list_items_max);
    for (const auto& line : *texts) {
      if (line.empty()) return "has an empty line";
      if (auto fault = fault_of_text(line, placeholder.characters_max, false); !fault.empty())
        return fault;
    }
  }
  return {};
}

std::vector<std::string> declared_names(const Template& wanted) {
  std::vector<std::string> names;
  for (const auto& placeholder : wanted.placeholders) names.push_back(placeholder.name);
  return names;
}

void read_one(const Placeholder& placeholder, const boost::json::object& json, Values& values,
              Faults& faults) {
  const auto* given = json.if_contains(placeholder.name);
  auto value = given == nullptr || given->is_null() ? Expected<Value>(std::string())
                                                    : value_from_json(placeholder.type, *given);
  if (!value) return faults.add("wrong_value", placeholder.name, value.error().detail);
  if (is_empty(*value)) {
    if (placeholder.required)
      faults.add("missing_value", placeholder.name, "is required",
                 fmt::format("give a {}", to_string(placeholder.type)));
    return;
  }
  if (const auto fault = fault_of(*value, placeholder); !fault.empty())
    return faults.add("wrong_value", placeholder.name, fault);
  values[placeholder.name] = std::move(*value);
}

}  // namespace

Expected<Values> read_values(const Template& wanted, const boost::json::object& values,
                             UnknownValues unknown) {
  Values read;
  Faults faults;
  for (const auto& placeholder : wanted.placeholders) read_one(placeholder, values, read, faults);
  for (const auto& item : values) {
    const std::string name(item.key());
    if (unknown == UnknownValues::passed_over || wanted.placeholder(name) != nullptr) continue;
    const auto nearest = nearest_name(name, declared_names(wanted));
    faults.add("unknown_value", name,
               fmt::format("is not a value of the message \"{}\"", wanted.name),
               nearest.empty() ? "" : fmt::format("did you mean \"{}\"?", nearest));
  }
  return faults.give(std::move(read));
}

Expected<Values> complete_values(const Template& wanted, Values planned, const Values& standard) {
  Faults faults;
  for (const auto& known : standard_values()) {
    const std::string name(known.name);
    const auto given = standard.find(known.name);
    if (given != standard.end() && type_of(given->second) != known.type) {
      faults.add("wrong_value", name, fmt::format("must be a {}", to_string(known.type)));
    } else if (given != standard.end() && !is_empty(given->second)) {
      planned.emplace(name, given->second);
    }
  }
  for (const auto& placeholder : wanted.placeholders) {
    if (placeholder.default_text) planned.emplace(placeholder.name, *placeholder.default_text);
  }
  for (const auto& known : standard_values()) {
    const bool needed = known.presence == Presence::always ||
                        (known.presence == Presence::with_due_date && wanted.needs_due_date);
    if (needed && !planned.contains(known.name))
      faults.add("missing_value", std::string(known.name), "is required of whoever sends");
  }
  return faults.give(std::move(planned));
}

}  // namespace rappel::message
