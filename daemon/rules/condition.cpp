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
  if (leaf.question != Question::age || !value.known()) return value;
  const auto at = leaf.age_at != nullptr ? leaf.age_at->get(context) : date_value(context.as_of);
  if (!at.known()) return {};
  const auto age = calendar::age_on(date_of(value), date_of(at));
  return age ? Value{Type::integer, *age, {}} : Value{};
}

bool is_present(const Leaf& leaf, const Context& context) {
  if (leaf.fact->list != nullptr) return !leaf.fact->list(context).empty();
  return compared(leaf, context).known();
}

/// The last day of this life event that counts; nothing when there is none.
std::optional<CivilDate> happened_on(const Leaf& leaf, const Context& context) {
  std::optional<CivilDate> last;
  const auto since = leaf.since == nullptr ? Value{} : leaf.since->get(context);
  for (const auto& happening : context.profile.happenings) {
    if (happening.type != leaf.name || happening.on > context.as_of) continue;
    if (leaf.within && calendar::add(happening.on, *leaf.within) < context.as_of) continue;
    if (leaf.since != nullptr && (!since.known() || happening.on < date_of(since))) continue;
    if (!last || happening.on > *last) last = happening.on;
  }
  return last;
}

/// The day of the declaration that counts for this turn.
std::optional<CivilDate> filed_on(const Leaf& leaf, const Context& context) {
  const auto since = leaf.since == nullptr ? Value{} : leaf.since->get(context);
  std::optional<CivilDate> from = context.counts_from;
  if (leaf.since != nullptr) from = since.known() ? std::optional(date_of(since)) : std::nullopt;
  for (const auto& filing : context.profile.filings) {
    if (filing.kind != leaf.name) continue;
    if (filing.year != 0 && context.year != 0) {
      if (filing.year == context.year) return filing.on;
      continue;
    }
    const bool early = from && filing.on < *from;
    const bool late = leaf.since == nullptr && context.counts_until && filing.on > *context.counts_until;
    if (!early && !late) return filing.on;
  }
  return std::nullopt;
}

std::optional<CivilDate> asked_day(const Leaf& leaf, const Context& context) {
  return leaf.question == Question::event ? happened_on(leaf, context) : filed_on(leaf, context);
}

bool about_facts(const Leaf& leaf) {
  return leaf.question == Question::fact || leaf.question == Question::age;
}

bool leaf_holds(const Leaf& leaf, const Context& context) {
  if (!about_facts(leaf)) return asked_day(leaf, context).has_value();
  if (leaf.comparison == Comparison::present) return is_present(leaf, context) == leaf.wanted;
  if (leaf.comparison == Comparison::has) {
    return std::any_of(leaf.constants.begin(), leaf.constants.end(), [&](const Constant& constant) {
      return leaf.fact->has(context, constant.text);
    });
  }
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
    case Comparison::has:
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
    boost::json::object line{{"text", show_both(here.text, context)}};
    if (about_facts(leaf)) {
      line["fact"] = leaf.fact->name;
      line["value"] = fact_json(*leaf.fact, context);
    } else {
      const auto day = asked_day(leaf, context);
      line["fact"] = leaf.name;
      line["value"] = day ? boost::json::value(to_iso(*day)) : boost::json::value(nullptr);
    }
    line["holds"] = holds(condition, node, context);
    into.push_back(std::move(line));
  }
}

namespace {

/// A day of the calendar that a leaf compares today with.
std::optional<CivilDate> next_named_day(const Leaf& leaf, const Context& context) {
  std::optional<CivilDate> next;
  for (const auto& constant : leaf.constants) {
    for (const int after : {0, 1}) {
      const auto day = date_of({Type::date, constant.number + after, {}});
      if (day > context.as_of) earlier(next, day);
    }
  }
  return next;
}

/// The day on which a life event is too long ago, or one to come has happened.
std::optional<CivilDate> next_event_day(const Leaf& leaf, const Context& context) {
  std::optional<CivilDate> next;
  for (const auto& happening : context.profile.happenings) {
    if (happening.type != leaf.name) continue;
    if (happening.on > context.as_of) earlier(next, happening.on);
    if (!leaf.within) continue;
    const auto over = calendar::add_days(calendar::add(happening.on, *leaf.within), 1);
    if (over > context.as_of) earlier(next, over);
  }
  return next;
}

/// The day after a benefit has come to its end.
std::optional<CivilDate> next_end_of_benefit(const Context& context) {
  std::optional<CivilDate> next;
  for (const auto& benefit : context.profile.benefits) {
    if (benefit.ended_on && *benefit.ended_on > context.as_of) earlier(next, benefit.ended_on);
    if (benefit.ends_on && *benefit.ends_on >= context.as_of)
      earlier(next, calendar::add_days(*benefit.ends_on, 1));
  }
  return next;
}

}  // namespace

std::optional<CivilDate> next_change(const Condition& condition, const Context& context) {
  std::optional<CivilDate> next;
  for (const auto& leaf : condition.leaves) {
    if (leaf.question == Question::event) earlier(next, next_event_day(leaf, context));
    if (!about_facts(leaf)) continue;
    if (leaf.question == Question::age && leaf.age_at == nullptr)
      earlier(next, next_birthday(leaf, context));
    if (leaf.fact->name == "today") earlier(next, next_named_day(leaf, context));
    if (leaf.fact->name == "benefits") earlier(next, next_end_of_benefit(context));
  }
  return next;
}

}  // namespace rappel::rules
