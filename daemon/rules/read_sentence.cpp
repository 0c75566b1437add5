// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/nearest.hpp"
#include "rules/reading.hpp"

namespace rappel::rules {
namespace {

std::string nearest_fact(const std::string& name, Scope scope) {
  const auto known = fact_names(scope);
  const auto nearest = nearest_name(name, known);
  return nearest.empty() ? fmt::format("known: {}", fmt::join(known, ", "))
                         : fmt::format("did you mean \"{}\"?", nearest);
}

Sentence read_sentence(YamlMap& parent, std::string_view key, const std::string& text,
                       Reading& reading) {
  Sentence sentence;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto open = text.find('{', at);
    Sentence::Piece piece{text.substr(at, open - at), nullptr};
    if (open == std::string::npos) {
      sentence.pieces.push_back(std::move(piece));
      break;
    }
    const auto close = text.find('}', open);
    if (close == std::string::npos) {
      parent.wrong(key, "open_brace", "has a { without its }");
      break;
    }
    piece.fact = named_fact(parent, key, text.substr(open + 1, close - open - 1), reading);
    sentence.pieces.push_back(std::move(piece));
    at = close + 1;
  }
  return sentence;
}

}  // namespace

Text read_text(YamlMap& parent, std::string_view key, Need need) {
  Text text;
  if (!parent.has(key)) {
    if (need == Need::required) parent.missing(key);
    return text;
  }
  const bool written = parent.node(key).IsMap();
  auto map = parent.map(key);  // says what is wrong when it is no mapping
  if (!written || !map) return text;
  text = {map->required_text("fr"), map->required_text("en")};
  map->finish();
  return text;
}

Sentences read_sentences(YamlMap& parent, std::string_view key, Need need, Reading& reading) {
  const Text text = read_text(parent, key, need);
  return {read_sentence(parent, key, text.fr, reading),
          read_sentence(parent, key, text.en, reading)};
}

const Fact* named_fact(YamlMap& parent, std::string_view key, const std::string& name,
                       Reading& reading) {
  const Fact* fact = find_fact(name);
  if (fact == nullptr) {
    parent.wrong(key, "unknown_fact", fmt::format("\"{}\" is not a fact that we know", name),
                 nearest_fact(name, reading.scope));
    return nullptr;
  }
  if (!is_in_scope(*fact, reading.scope)) {
    parent.wrong(key, "fact_of_another_subject",
                 fmt::format("\"{}\" is a fact of a {}, and this rule is for each {}", name,
                             to_string(fact->scope), to_string(reading.scope)));
    return nullptr;
  }
  return fact;
}

const Fact* read_fact(YamlMap& parent, std::string_view key, std::optional<Type> type,
                      Reading& reading) {
  if (!parent.has(key)) {
    parent.missing(key);
    return nullptr;
  }
  const auto name = parent.text(key);
  const Fact* fact = name ? named_fact(parent, key, *name, reading) : nullptr;
  if (fact != nullptr && type && fact->type != *type) {
    parent.wrong(key, "wrong_fact_type",
                 fmt::format("\"{}\" is a {}; a {} is needed here", *name, to_string(fact->type),
                             to_string(*type)));
    return nullptr;
  }
  return fact;
}

std::optional<calendar::Period> read_period(YamlMap& parent, std::string_view key) {
  const auto text = parent.text(key);
  if (!text) return std::nullopt;
  const auto period = calendar::parse_period(*text);
  if (!period)
    parent.wrong(key, "not_a_period", fmt::format("\"{}\" is not a delay", *text),
                 "write P10Y, P3M, P30D or -P30D");
  return period;
}

}  // namespace rappel::rules
