// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "base/nearest.hpp"
#include "profile/place.hpp"
#include "profile/vocabulary.hpp"
#include "rules/condition_words.hpp"
#include "rules/reading.hpp"

namespace rappel::rules {
namespace {

/// Fills one condition from its YAML tree, in prefix order.
class ConditionReader {
 public:
  ConditionReader(Condition& condition, Reading& reading)
      : condition_(condition), reading_(reading) {}

  void read(YamlMap& map, bool told) {
    const std::size_t here = condition_.nodes.size();
    condition_.nodes.push_back({});
    auto text = read_sentences(map, "text", Need::optional, reading_);
    told = told || !text.fr.empty();
    condition_.nodes[here].text = std::move(text);
    if (map.has("all"))
      read_children(map, "all", NodeKind::all, here, told);
    else if (map.has("any"))
      read_children(map, "any", NodeKind::any, here, told);
    else if (map.has("not"))
      read_negation(map, here, told);
    else
      read_leaf(map, here, told);
    map.finish();
    condition_.nodes[here].end = std::uint32_t(condition_.nodes.size());
  }

 private:
  void read_children(YamlMap& map, std::string_view key, NodeKind kind, std::size_t here,
                     bool told) {
    condition_.nodes[here].kind = kind;
    auto children = map.maps(key);
    if (children.empty()) map.wrong(key, "empty_list", "holds no condition");
    for (auto& child : children) read(child, told);
  }

  void read_negation(YamlMap& map, std::size_t here, bool told) {
    condition_.nodes[here].kind = NodeKind::negation;
    if (auto child = map.map("not")) read(*child, told);
  }

  void read_leaf(YamlMap& map, std::size_t here, bool told) {
    Leaf leaf;
    if (map.has("event")) {
      read_event(map, leaf);
    } else if (map.has("filed")) {
      read_filed(map, leaf);
    } else if (map.has("age_of") || map.has("fact")) {
      read_fact_leaf(map, leaf);
    } else {
      const auto asked = words::names_of(words::conditions);
      reading_.problems.push_back(
          {ProblemKind::invalid, "no_condition",
           fmt::format("a condition needs one of {}", fmt::join(asked, ", ")), map.where(), ""});
      return;
    }
    if (!told)
      reading_.problems.push_back({ProblemKind::invalid, "untold_condition",
                                   "a condition needs a text {fr, en} that says it in words, its "
                                   "own or one above it",
                                   map.where(), ""});
    condition_.nodes[here].leaf = std::uint32_t(condition_.leaves.size());
    condition_.leaves.push_back(std::move(leaf));
  }

  void read_fact_leaf(YamlMap& map, Leaf& leaf) {
    const bool age = map.has("age_of");
    if (age) leaf.question = Question::age;
    leaf.fact = age ? read_fact(map, "age_of", Type::date, reading_)
                    : read_fact(map, "fact", std::nullopt, reading_);
    if (age && map.has("at")) leaf.age_at = read_fact(map, "at", Type::date, reading_);
    if (leaf.fact != nullptr && leaf.fact->derived && !reading_.dates_known)
      map.wrong("fact", "derived_fact", "is only known once the rule applies");
    if (leaf.fact != nullptr)
      read_comparison(map, leaf);
    else
      skip_comparison(map);
  }

  void read_event(YamlMap& map, Leaf& leaf) {
    leaf.question = Question::event;
    std::vector<std::string> names;
    for (const auto& type : profile::event_types()) {
      if (type.life) names.emplace_back(type.name);
    }
    leaf.name = known_name(map, "event", names, "unknown_life_event", "a life event");
    leaf.within = read_period(map, "within");
    if (map.has("since")) leaf.since = read_fact(map, "since", Type::date, reading_);
  }

  void read_filed(YamlMap& map, Leaf& leaf) {
    leaf.question = Question::filed;
    const auto kinds = choices_of_event("declaration.filed", "kind");
    leaf.name = known_name(map, "filed", {kinds.begin(), kinds.end()}, "unknown_declaration",
                           "a declaration");
    if (map.has("since")) leaf.since = read_fact(map, "since", Type::date, reading_);
  }

  static std::string known_name(YamlMap& map, std::string_view key,
                                const std::vector<std::string>& names, const char* code,
                                std::string_view what) {
    const auto name = map.required_text(key);
    if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return name;
    const auto nearest = nearest_name(name, names);
    map.wrong(key, code, fmt::format("\"{}\" is not {} that we know", name, what),
              nearest.empty() ? "see docs/VOCABULARY.md"
                              : fmt::format("did you mean \"{}\"?", nearest));
    return name;
  }

  static void skip_comparison(YamlMap& map) {
    for (const auto& word : words::comparisons) static_cast<void>(map.node(word.name));
  }

  void read_comparison(YamlMap& map, Leaf& leaf) {
    int found = 0;
    for (const auto& word : words::comparisons) {
      if (!map.has(word.name)) continue;
      ++found;
      leaf.comparison = word.comparison;
      read_compared(map, word, leaf);
    }
    if (found != 1)
      map.wrong(leaf.question == Question::age ? "age_of" : "fact", "one_comparison",
                fmt::format("needs exactly one of {}",
                            fmt::join(words::names_of(words::comparisons), ", ")));
  }

  void read_compared(YamlMap& map, const words::ComparisonWord& word, Leaf& leaf) {
    using Takes = words::ComparisonWord::Takes;
    switch (word.takes) {
      case Takes::one:
        return read_one(map, word, leaf);
      case Takes::many:
      case Takes::two:
        return read_many(map, word, leaf);
      case Takes::list:
        return read_has(map, leaf);
      case Takes::mark:
        leaf.wanted = map.boolean(word.name).value_or(true);
        return;
    }
  }

  /// `has: rsa` or `has: [rsa, aspa]`: the list holds one of them.
  void read_has(YamlMap& map, Leaf& leaf) {
    const bool many = map.node("has").IsSequence();
    const auto words = many ? map.texts("has") : std::vector{map.text("has").value_or("")};
    if (leaf.fact->has == nullptr) {
      map.wrong("has", "wrong_comparison", "asks what a list holds, and this is none", "use is or in");
      return;
    }
    for (const auto& word : words)
      leaf.constants.push_back(word_constant(map, "has", word, *leaf.fact));
  }

  void read_one(YamlMap& map, const words::ComparisonWord& word, Leaf& leaf) {
    check_order(map, word.name, leaf, word.comparison);
    if (const auto text = map.text(word.name)) {
      auto constant = read_constant(map, word.name, *text, leaf);
      constant.number += word.shift;
      leaf.constants.push_back(std::move(constant));
    }
  }

  void read_many(YamlMap& map, const words::ComparisonWord& word, Leaf& leaf) {
    check_order(map, word.name, leaf, word.comparison);
    for (const auto& text : map.texts(word.name))
      leaf.constants.push_back(read_constant(map, word.name, text, leaf));
    if (word.takes != words::ComparisonWord::Takes::two) return;
    if (leaf.constants.size() != 2)
      map.wrong(word.name, "wrong_count", "needs 2 values");
    else if (leaf.constants[1].number < leaf.constants[0].number)
      map.wrong(word.name, "wrong_range", "ends before it begins");
  }

  static Type type_of(const Leaf& leaf) { return leaf.question == Question::age ? Type::integer : leaf.fact->type; }

  static void check_order(YamlMap& map, std::string_view key, const Leaf& leaf,
                          Comparison comparison) {
    const Type type = type_of(leaf);
    const bool ordered = type == Type::date || type == Type::integer || type == Type::departement;
    if (type == Type::words)
      map.wrong(key, "wrong_comparison", "a list of texts is only present or not");
    else if (!ordered && comparison != Comparison::one_of)
      map.wrong(key, "wrong_comparison",
                fmt::format("\"{}\" is a {}, which has no order", leaf.fact->name, to_string(type)),
                "use is or in");
  }

  Constant read_constant(YamlMap& map, std::string_view key, const std::string& text,
                         const Leaf& leaf) {
    switch (type_of(leaf)) {
      case Type::date:
        return date_constant(map, key, text);
      case Type::integer:
        return integer_constant(map, key, text);
      case Type::boolean:
        return boolean_constant(map, key, text);
      case Type::departement:
        return departement_constant(map, key, text);
      default:
        return word_constant(map, key, text, *leaf.fact);
    }
  }

  static Constant date_constant(YamlMap& map, std::string_view key, const std::string& text) {
    const auto date = parse_iso_date(text);
    if (!date)
      map.wrong(key, "not_a_date", fmt::format("\"{}\" is not a date that exists", text),
                "write YYYY-MM-DD");
    return {date ? date_value(*date).number : 0, {}};
  }

  static Constant integer_constant(YamlMap& map, std::string_view key, const std::string& text) {
    std::int64_t number = 0;
    const auto* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    if (error != std::errc() || end != last || number > 1'000'000'000 || number < -1'000'000'000)
      map.wrong(key, "not_an_integer", fmt::format("\"{}\" is not a whole number", text));
    return {number, {}};
  }

  static Constant boolean_constant(YamlMap& map, std::string_view key, const std::string& text) {
    if (text != "true" && text != "false")
      map.wrong(key, "not_a_boolean", fmt::format("\"{}\" is not true or false", text));
    return {text == "true" ? 1 : 0, {}};
  }

  static Constant departement_constant(YamlMap& map, std::string_view key,
                                       const std::string& text) {
    const int order = profile::departement_sort_key(text);
    if (order == 0)
      map.wrong(key, "not_a_departement", fmt::format("\"{}\" is not a departement", text),
                "write it between quotes: \"01\", \"2A\", \"974\"");
    return {order, {}};
  }

  static Constant word_constant(YamlMap& map, std::string_view key, const std::string& text,
                                const Fact& fact) {
    if (fact.choices != nullptr) {
      const auto choices = fact.choices();
      const std::vector<std::string> known(choices.begin(), choices.end());
      if (std::find(known.begin(), known.end(), text) == known.end()) {
        const auto nearest = nearest_name(text, known);
        map.wrong(key, "unknown_value",
                  fmt::format("\"{}\" is not a value of \"{}\"", text, fact.name),
                  nearest.empty() ? fmt::format("known: {}", fmt::join(known, ", "))
                                  : fmt::format("did you mean \"{}\"?", nearest));
      }
    }
    return {0, text};
  }

  Condition& condition_;
  Reading& reading_;
};

}  // namespace

Condition read_condition(YamlMap& parent, std::string_view key, Reading& reading) {
  Condition condition;
  if (auto map = parent.map(key)) ConditionReader(condition, reading).read(*map, false);
  return condition;
}

}  // namespace rappel::rules
