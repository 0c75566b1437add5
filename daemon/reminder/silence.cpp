// SPDX-License-Identifier: Apache-2.0
#include "reminder/silence.hpp"

#include <algorithm>

namespace rappel {

bool holds(const Silence& silence, Instant at) {
  const Instant end = std::min(silence.ends_at, silence.ended_at.value_or(silence.ends_at));
  return silence.starts_at <= at && at < end;
}

bool names_rule(std::string_view pattern, std::string_view rule) {
  if (pattern.empty()) return true;
  if (!pattern.ends_with(".*")) return pattern == rule;
  return rule.starts_with(pattern.substr(0, pattern.size() - 1));
}

bool matches(const Silence& silence, const SilenceSubject& subject) {
  return names_rule(silence.rule, subject.rule) &&
         (silence.notifier.empty() || silence.notifier == subject.notifier) &&
         (silence.departement.empty() || silence.departement == subject.departement);
}

}  // namespace rappel
