// SPDX-License-Identifier: Apache-2.0
#include "app/ctl/print.hpp"

#include <fmt/format.h>

#include <sstream>

#include "app/ctl/command.hpp"
#include "message/explanation_page.hpp"

namespace rappel::app::ctl {
namespace {

std::string text_of(const boost::json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return {};
  return std::string(value->get_string());
}

std::string arithmetic_text(const boost::json::object& explanation) {
  std::string text;
  const auto* steps = explanation.if_contains("arithmetic");
  if (steps == nullptr || !steps->is_array()) return text;
  for (const auto& step : steps->get_array()) {
    const auto& object = step.get_object();
    text += fmt::format("      calcul : {} : {} → {}\n", french(object, "text"),
                        text_of(object, "from"), text_of(object, "to"));
  }
  return text;
}

std::string law_text(const boost::json::object& explanation) {
  std::string text;
  const auto* laws = explanation.if_contains("legal");
  if (laws == nullptr || !laws->is_array()) return text;
  for (const auto& law : laws->get_array())
    text += fmt::format("      loi : {}\n", text_of(law.get_object(), "text"));
  return text;
}

}  // namespace

std::string worded(const boost::json::object& object, const std::string& key,
                   const std::optional<std::string>& language) {
  const auto* value = object.if_contains(key);
  const bool english = language == "en" && value != nullptr && value->is_object();
  return english ? text_of(value->get_object(), "en") : french(object, key);
}

std::string french(const boost::json::object& object, const std::string& key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_object()) return {};
  const auto text = text_of(value->get_object(), "fr");
  return text.empty() ? text_of(value->get_object(), "en") : text;
}

std::string describe(const Deadline& deadline) {
  std::string text = fmt::format("  {}  {:<10} {}{}\n", to_iso(deadline.due_on),
                                 to_string(deadline.state), french(deadline.explanation, "title"),
                                 deadline.subject.empty() ? "" : " (" + deadline.subject + ")");
  if (deadline.opens_on) text += fmt::format("      ouverture : {}\n", to_iso(*deadline.opens_on));
  if (deadline.safe_on)
    text += fmt::format("      dernier jour ouvré sûr : {}\n", to_iso(*deadline.safe_on));
  text += fmt::format("      pourquoi : {}\n", french(deadline.explanation, "line"));
  text += arithmetic_text(deadline.explanation);
  text += law_text(deadline.explanation);
  text += fmt::format("      règle : {} version {}\n", deadline.rule, deadline.rule_version);
  return text;
}

std::string describe(const std::vector<Deadline>& deadlines, const message::HumanHelp& human,
                     const std::optional<std::string>& explain) {
  std::string text;
  for (const auto& deadline : deadlines)
    text += explain ? "\n" + message::explanation_text(
                                 deadline, *explain == "en" ? Language::en : Language::fr, human)
                    : describe(deadline);
  return text;
}

std::string local_text(Instant at, const calendar::Zone& zone) {
  const auto local = calendar::to_local(at, zone);
  const std::chrono::hh_mm_ss time{local.time_of_day};
  return fmt::format("{} {:02}:{:02}", to_iso(local.date), time.hours().count(),
                     time.minutes().count());
}

std::string indented(const std::string& text, std::size_t columns) {
  std::istringstream lines(text);
  std::string line;
  std::string moved;
  while (std::getline(lines, line)) moved += std::string(columns, ' ') + line + "\n";
  return moved;
}

}  // namespace rappel::app::ctl
