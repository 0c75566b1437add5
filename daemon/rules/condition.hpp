// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/facts.hpp"
#include "rules/sentence.hpp"

// Conditions over facts, compiled to one flat array in the order they are read. A comparison with
// an unknown fact does not hold; `not` of it therefore does.

namespace rappel::rules {

enum class Comparison : std::uint8_t { present, one_of, at_least, at_most, between };

/// A constant of a rule, in the form of the fact that it is compared with.
struct Constant {
  std::int64_t number = 0;
  std::string text;
};

struct Leaf {
  const Fact* fact = nullptr;
  bool age = false;              ///< compare the whole years since the date that the fact holds …
  const Fact* age_at = nullptr;  ///< … at this date; null: today
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
