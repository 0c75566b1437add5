// SPDX-License-Identifier: Apache-2.0
#include "app/vocabulary_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "profile/vocabulary.hpp"
#include "rules/facts.hpp"
#include "rules/packs.hpp"

namespace rappel::app {
namespace {

using profile::Field;
using profile::FieldType;

std::string type_of(const Field& field) {
  std::string type;
  switch (field.type) {
    case FieldType::text: type = "text"; break;
    case FieldType::date: type = "date"; break;
    case FieldType::integer: type = fmt::format("{} to {}", field.min, field.max); break;
    case FieldType::boolean: type = "true or false"; break;
    case FieldType::choice: type = fmt::format("`{}`", fmt::join(field.choices, "` `")); break;
    case FieldType::time: type = "HH:MM"; break;
    case FieldType::period: type = "ISO 8601 period"; break;
    case FieldType::insee: type = "INSEE commune code"; break;
    case FieldType::phone: type = "phone number"; break;
    case FieldType::email: type = "e-mail address"; break;
    case FieldType::country: type = "ISO 3166-1, two letters"; break;
    case FieldType::topic: type = "lower-case word"; break;
    case FieldType::object: type = std::string(field.shape->name); break;
  }
  return field.list ? "list of: " + type : type;
}

void add_shape(std::string& page, const profile::Shape& shape) {
  page += "| field | type | note |\n|---|---|---|\n";
  for (const auto& field : shape.fields) {
    std::string note(field.doc);
    if (field.required) note = note.empty() ? "required" : "required; " + note;
    page += fmt::format("| `{}` | {} | {} |\n", field.name, type_of(field), note);
  }
  page += "\n";
}

void add_parts(std::string& page, const profile::Shape& shape) {
  for (const auto& field : shape.fields) {
    if (field.type != FieldType::object) continue;
    page += fmt::format("### {}\n\n", field.shape->name);
    add_shape(page, *field.shape);
  }
}

void add_events(std::string& page) {
  for (const auto& type : profile::event_types()) {
    if (type.ours || type.name == "citizen.updated") continue;
    page += fmt::format("### `{}`\n\n{}.{}\n\n", type.name, type.doc,
                        type.life ? " A life event: `for_each: event` rules apply to it." : "");
    add_shape(page, *type.data);
  }
}

void add_facts(std::string& page) {
  page += "| fact | of each | type | note |\n|---|---|---|---|\n";
  for (const auto& fact : rules::all_facts()) {
    std::string note(fact.doc);
    if (fact.derived) note += note.empty() ? "once the dates are known" : "; once the dates are known";
    page += fmt::format("| `{}` | {} | {} | {} |\n", fact.name, rules::to_string(fact.scope),
                        rules::to_string(fact.type), note);
  }
  page += "\n";
}

}  // namespace

std::string vocabulary_page() {
  std::string page =
      "# Vocabulary\n\n"
      "Made by `rappelctl rules vocabulary` from the tables of the code; a test compares the two. "
      "French names are those of FranceConnect and OpenFisca-France.\n\n"
      "## A citizen\n\n`PUT /v1/citizens/{ref}`, and the data of `citizen.updated`.\n\n";
  add_shape(page, profile::citizen_shape());
  add_parts(page, profile::citizen_shape());
  page += "## Events\n\n`POST /v1/citizens/{ref}/events`.\n\n";
  add_events(page);
  page += "## Facts that a rule may name\n\n";
  add_facts(page);
  page += "## Packs\n\n| name | in French | in English |\n|---|---|---|\n";
  for (const auto& pack : rules::packs())
    page += fmt::format("| `{}` | {} | {} |\n", pack.name, pack.fr, pack.en);
  return page;
}

}  // namespace rappel::app
