// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "dispatch/stages.hpp"

namespace rappel::dispatch {

/// Reminders that a preview looks at, and shows.
inline constexpr std::size_t preview_looks_max = 5'000;
inline constexpr std::size_t preview_samples_max = 5;

/// What a silence would hold of what waits now.
struct SilencePreview {
  struct Sample {
    Reminder reminder;
    std::string rule;      ///< empty: a caseworker scheduled it
    std::string notifier;  ///< empty: no way is open
  };
  std::size_t matching = 0;
  std::size_t legal = 0;  ///< of these, statutory or by a limit of the law
  std::size_t too_late = 0;  ///< of these, of no use any more when it ends
  bool complete = true;   ///< false: there was more than preview_looks_max to look at
  std::vector<Sample> samples;
};

/// Reads the store; the ways are those that would be taken now. Blocks on the store. Throws
/// store::StoreUnavailable.
SilencePreview preview_silence(store::Store& store, const store::Tenant& tenant,
                               std::span<const Route> routes, const Silence& silence);

/// {"matching", "legal", "too_late", "complete", "samples": [{id, due_at, next_at, template, rule,
/// notifier, statutory}]}: nothing personal.
boost::json::object view(const SilencePreview& preview);

}  // namespace rappel::dispatch
