// SPDX-License-Identifier: Apache-2.0
#include "rules/condition.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "calendar/period.hpp"

namespace rappel::rules {
namespace {

/// The value that a leaf compares: the fact, or an age.
Value compared(const Leaf& leaf, const Context& context) {
  if (leaf.fact->get == nullptr) return {};
  const auto value = leaf.fact->get(context);
  if (!leaf.age || !value.known()) return value;
  const auto at = leaf.age_at != nullptr ? leaf.age_at->get(context) : date_value(context.as_of);
  if (!at.known()) return {};
  const auto age = calendar::age_on(date_of(value), date_of(at));
  return age ? Value{Type::integer, *age, {}} : Value{};
}

bool is_present(const Leaf& leaf, const Context& context) {
  if (leaf.fact->list != nullptr) return !leaf.fact->list(context).empty();
  return compared(leaf, context).known();
}

bool leaf_holds(const Leaf& leaf, const Context& context) {
  if (leaf.comparison == Comparison::present) return is_present(leaf, context) == leaf.wanted;
  const auto value = compared(leaf, context);
  if (!value.known()) return false;
  const auto& constants = leaf.constants;
  switch (leaf.comparison) {
    case Comparison::at_least:
      return value.number >= constants[0].number;
    case Comparison::at_most:
      return value.number <= constants[0].number;
    case Comparison::between:
      return value.number >= constants[0].number && value.number <= constants[1].number;
    case Comparison::one_of:
      return std::any_of(constants.begin(), constants.end(), [&](const Constant& constant) {
        return value.type == Type::word ? value.text == constant.text
                                        : value.number == constant.number;
      });
    case Comparison::present:
      break;
  }
  return false;
}

const Leaf& first_leaf(const Condition& condition, std::size_t node) {
  while (condition.nodes[node].kind != NodeKind::leaf) ++node;
  return condition.leaves[condition.nodes[node].leaf];
}

std::optional<CivilDate> next_birthday(const Leaf& leaf, const Context& context) {
  const auto birth = leaf.fact->get(context);
  if (!birth.known()) return std::nullopt;
  const auto age = calendar::age_on(date_of(birth), context.as_of);
  if (!age) return date_of(birth);
  return calendar::add(date_of(birth), {*age + 1, 0, 0});
}

void earlier(std::optional<CivilDate>& best, std::optional<CivilDate> other) {
  if (other && (!best || *other < *best)) best = other;
}

}  // namespace

bool holds(const Condition& condition, std::size_t node, const Context& context) {
  const Node& here = condition.nodes[node];
  if (here.kind == NodeKind::leaf) return leaf_holds(condition.leaves[here.leaf], context);
  if (here.kind == NodeKind::negation) return !holds(condition, node + 1, context);
  const bool all = here.kind == NodeKind::all;
  for (std::size_t child = node + 1; child < here.end; child = condition.nodes[child].end) {
    if (holds(condition, child, context) != all) return !all;
  }
  return all;
}

bool holds(const Condition& condition, const Context& context) {
  return condition.empty() || holds(condition, 0, context);
}

void explain(const Condition& condition, const Context& context, boost::json::array& into) {
  for (std::size_t node = 0; node < condition.nodes.size(); ++node) {
    const auto& here = condition.nodes[node];
    if (here.text.fr.empty()) continue;
    const Leaf& leaf = first_leaf(condition, node);
    into.push_back(boost::json::object{{"text", show_both(here.text, context)},
                                       {"fact", leaf.fact->name},
                                       {"value", fact_json(*leaf.fact, context)},
                                       {"holds", holds(condition, node, context)}});
  }
}

std::optional<CivilDate> next_change(const Condition& condition, const Context& context) {
  std::optional<CivilDate> next;
  for (const auto& leaf : condition.leaves) {
    if (leaf.age && leaf.age_at == nullptr) earlier(next, next_birthday(leaf, context));
    if (leaf.fact->name != "today") continue;
    for (const auto& constant : leaf.constants) {
      for (const int after : {0, 1}) {
        const auto day = date_of({Type::date, constant.number + after, {}});
        if (day > context.as_of) earlier(next, day);
      }
    }
  }
  return next;
}

}  // namespace rappel::rules
