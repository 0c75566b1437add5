// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/comparison.hpp"
#include "store/store.hpp"

namespace rappel::app {

/// A dry run: what other rules would change for the people who are stored. Nothing is written.
struct TrialQuestion {
  const rules::RuleBook& before;
  const rules::RuleBook& after;
  Instant now{};
  std::optional<TenantId> tenant;      ///< nothing: all
  std::size_t citizens_max = SIZE_MAX;  ///< a part of the shards in their order, when it is enough
  std::size_t samples_max = 3;          ///< of each rule and kind of change
};

struct TrialSample {
  CitizenId citizen;
  rules::Difference difference;
};

struct TrialAnswer {
  std::uint64_t looked_at = 0;
  std::uint64_t concerned = 0;   ///< of these, for whom something differs
  std::uint64_t behind = 0;      ///< whose stored deadlines were made by other rules than `before`
  std::uint64_t unreadable = 0;  ///< whose facts do not open; not looked at
  struct Count {
    std::uint64_t deadlines = 0;
    std::vector<TrialSample> samples;
  };
  /// By rule, then by kind of change.
  std::map<std::string, std::map<rules::Change, Count>> rules;
};

/// Asks both books about every citizen; `progress` hears how many were looked at after each batch.
/// Throws store::StoreUnavailable.
TrialAnswer try_rules(store::Store& store, const TrialQuestion& question,
                      const std::function<void(std::uint64_t)>& progress = {});

}  // namespace rappel::app
