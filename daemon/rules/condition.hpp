// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "calendar/period.hpp"
#include "rules/facts.hpp"
#include "rules/sentence.hpp"

// Conditions over facts, compiled to one flat array in the order they are read. A comparison with
// an unknown fact does not hold; `not` of it therefore does.

namespace rappel::rules {

enum class Comparison : std::uint8_t {
  present,
  one_of,
  at_least,
  at_most,
  between,
  has  ///< a list holds one of the constants
};

/// What a leaf looks at.
enum class Question : std::uint8_t {
  fact,
  age,    ///< whole years since the date that the fact holds
  event,  ///< a life event has happened
  filed   ///< a declaration was made, for the turn or the window of the rule
};

/// A constant of a rule, in the form of the fact that it is compared with.
struct Constant {
  std::int64_t number = 0;
  std::string text;
};

struct Leaf {
  Question question = Question::fact;
  const Fact* fact = nullptr;    ///< of fact and age
  const Fact* age_at = nullptr;  ///< of age: at this date; null: today
  std::string name;              ///< of event: its type; of filed: the declaration's kind
  std::optional<calendar::Period> within;  ///< of event: at most so long ago
  const Fact* since = nullptr;             ///< of event and filed: not before this date
  Comparison comparison = Comparison::present;
  bool wanted = true;  ///< for `present: false`
  std::vector<Constant> constants;
};

enum class NodeKind : std::uint8_t { all, any, negation, leaf };

/// The children of a node follow it; `end` is the index after the last of them.
struct Node {
  NodeKind kind = NodeKind::leaf;
  std::uint32_t end = 0;
  std::uint32_t leaf = 0;
  Sentences text;  ///< why, for the explanation; empty when a node above says it
};

struct Condition {
  std::vector<Node> nodes;  ///< empty: always holds
  std::vector<Leaf> leaves;
  [[nodiscard]] bool empty() const { return nodes.empty(); }
};

bool holds(const Condition& condition, const Context& context);
bool holds(const Condition& condition, std::size_t node, const Context& context);

/// Adds {text, fact, value, holds} of each node that has a text.
void explain(const Condition& condition, const Context& context, boost::json::array& into);

/// The first day after as_of on which an age or the date itself may change the answer.
std::optional<CivilDate> next_change(const Condition& condition, const Context& context);

}  // namespace rappel::rules
