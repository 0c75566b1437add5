// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/instant.hpp"

namespace rappel {

/// A time in which an administration's reminders of a kind do not leave, because a person said so:
/// a rule is being mended, a provider is broken, a département has other worries. Pure; any thread.
struct Silence {
  SilenceId id;
  TenantId tenant;
  // The matcher: what is empty matches everything.
  std::string rule;         ///< "fr.tax.income_tax", or "fr.tax.*" for all below
  std::string notifier;     ///< the one that the reminder would go by
  std::string departement;  ///< of the citizen's address: "35", "2A", "974"
  Instant starts_at{};
  Instant ends_at{};
  std::string author;   ///< who wanted it
  std::string comment;  ///< why
  Instant created_at{};
  std::optional<Instant> ended_at;  ///< by a person, before ends_at
};

/// What a silence may match of one reminder.
struct SilenceSubject {
  std::string rule;  ///< empty: no rule made it
  std::string notifier;
  std::string departement;  ///< empty: not known
};

/// Whether it holds at an instant: from its start until just before its end.
bool holds(const Silence& silence, Instant at);
bool matches(const Silence& silence, const SilenceSubject& subject);
/// Whether `pattern` names this rule: all of it, or a folder of rules by "….*". An empty one names all.
bool names_rule(std::string_view pattern, std::string_view rule);

}  // namespace rappel
