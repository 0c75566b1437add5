// SPDX-License-Identifier: Apache-2.0
#include "rules/explanation.hpp"

#include <fmt/format.h>

#include <boost/json/value.hpp>

namespace rappel::rules {
namespace {

namespace json = boost::json;

json::object both(const Text& text) {
  return {{"fr", text.fr}, {"en", text.en}};
}

json::array legal_list(const Rule& rule) {
  json::array list;
  for (const auto& reference : rule.legal) {
    json::object item{{"text", reference.text}, {"url", reference.url}, {"version_date", nullptr}};
    if (reference.version_date) item["version_date"] = to_iso(*reference.version_date);
    list.push_back(std::move(item));
  }
  return list;
}

}  // namespace

json::object arithmetic_step(json::object text, CivilDate from, CivilDate to) {
  return {{"text", std::move(text)}, {"from", to_iso(from)}, {"to", to_iso(to)}};
}

json::object rolled_step(CivilDate from, CivilDate to) {
  return arithmetic_step(
      both({fmt::format("Le {} n'est pas un jour ouvré : la limite passe au {}.",
                        show_date(from, Language::fr), show_date(to, Language::fr)),
            fmt::format("{} is not a working day: the limit moves to {}.",
                        show_date(from, Language::en), show_date(to, Language::en))}),
      from, to);
}

json::object safe_step(CivilDate limit, CivilDate safe) {
  return arithmetic_step(
      both({fmt::format("Pour ne pas risquer d'être en retard, agissez au plus tard le {}.",
                        show_date(safe, Language::fr)),
            fmt::format("To be sure to be in time, act by {}.", show_date(safe, Language::en))}),
      limit, safe);
}

json::object explain(const Rule& rule, const Context& context, json::array conditions,
                     json::array arithmetic) {
  json::object explanation;
  explanation["line"] = show_both(rule.program->line, context);
  explanation["rule"] = rule.id;
  explanation["version"] = rule.version;
  explanation["title"] = both(rule.title);
  explanation["conditions"] = std::move(conditions);
  explanation["arithmetic"] = std::move(arithmetic);
  explanation["legal"] = legal_list(rule);
  explanation["legal_short"] = rule.program->legal_short;
  explanation["confidence"] = to_string(rule.confidence);
  if (rule.program->milestone) explanation["nature"] = "milestone";
  if (!rule.consequence.fr.empty()) explanation["consequence"] = both(rule.consequence);
  if (!rule.packs.empty())
    explanation["packs"] = json::array(rule.packs.begin(), rule.packs.end());
  return explanation;
}

void add_next_step(const Program& program, const Context& context, json::object& explanation) {
  for (const auto& step : program.next_steps) {
    if (!holds(step.when, context)) continue;
    auto next = show_both(step.text, context);
    next["state"] = step.state;
    explanation["next_step"] = std::move(next);
    return;
  }
}

std::string_view to_string(Confidence confidence) {
  switch (confidence) {
    case Confidence::high:
      return "high";
    case Confidence::medium:
      return "medium";
    case Confidence::low:
      return "low";
  }
  return "?";
}

}  // namespace rappel::rules
