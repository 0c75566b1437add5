// SPDX-License-Identifier: Apache-2.0
#include "rules/sentence.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace rappel::rules {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 12> months_fr{
    "janvier", "février", "mars",      "avril",   "mai",      "juin",
    "juillet", "août",    "septembre", "octobre", "novembre", "décembre"};
constexpr std::array<std::string_view, 12> months_en{
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

std::string show_flag(bool flag, Language language) {
  if (language == Language::fr) return flag ? "oui" : "non";
  return flag ? "yes" : "no";
}

std::string show_value(const Value& value, Language language) {
  switch (value.type) {
    case Type::date:
      return show_date(date_of(value), language);
    case Type::integer:
      return fmt::format("{}", value.number);
    case Type::boolean:
      return show_flag(value.number != 0, language);
    case Type::word:
    case Type::departement:
      return std::string(value.text);
    default:
      return "?";
  }
}

}  // namespace

std::string show_date(CivilDate date, Language language) {
  const unsigned day = unsigned(date.day());
  const unsigned month = unsigned(date.month()) - 1;
  const int year = int(date.year());
  // French administrative usage writes the first of the month as an ordinal.
  if (language == Language::fr)
    return fmt::format("{}{} {} {}", day, day == 1 ? "er" : "", months_fr[month], year);
  return fmt::format("{} {} {}", day, months_en[month], year);
}

std::string show_fact(const Fact& fact, const Context& context, Language language) {
  if (fact.list != nullptr) return fmt::format("{}", fmt::join(fact.list(context), ", "));
  return show_value(fact.get(context), language);
}

std::string show(const Sentence& sentence, const Context& context, Language language) {
  std::string text;
  for (const auto& piece : sentence.pieces) {
    text += piece.literal;
    if (piece.fact != nullptr) text += show_fact(*piece.fact, context, language);
  }
  return text;
}

json::object show_both(const Sentences& sentences, const Context& context) {
  return {{"fr", show(sentences.fr, context, Language::fr)},
          {"en", show(sentences.en, context, Language::en)}};
}

json::value fact_json(const Fact& fact, const Context& context) {
  if (fact.list != nullptr) {
    json::array items;
    for (const auto& item : fact.list(context)) items.emplace_back(item);
    return items;
  }
  const auto value = fact.get(context);
  switch (value.type) {
    case Type::date:
      return json::value(to_iso(date_of(value)));
    case Type::integer:
      return json::value(value.number);
    case Type::boolean:
      return json::value(value.number != 0);
    case Type::word:
    case Type::departement:
      return json::value(value.text);
    default:
      return nullptr;
  }
}

}  // namespace rappel::rules
