// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "base/problem.hpp"
#include "store/records.hpp"

namespace rappel::store {

/// Silences of a tenant that are not over.
inline constexpr std::size_t silences_max = 200;

/// The part of a store that keeps silences. Any thread; throws StoreUnavailable.
class SilenceBook {
 public:
  virtual ~SilenceBook() = default;

  /// Refuses the one above silences_max of a tenant.
  virtual Expected<void> add_silence(const Silence& silence) = 0;
  /// A tenant's that are not over, oldest first.
  [[nodiscard]] virtual std::vector<Silence> silences(TenantId tenant, Instant now) = 0;
  /// Ends one before its time, and has what it holds looked at again. Nothing when it is over by
  /// itself, or unknown; one that was ended already is told again without a change.
  virtual std::optional<Silence> end_silence(TenantId tenant, SilenceId id, Instant now) = 0;
  /// All tenants' that hold at an instant.
  [[nodiscard]] virtual std::vector<Silence> silences_at(Instant now) = 0;
  /// A tenant's reminders that wait, by shard, then next_at; without their attempt series.
  [[nodiscard]] virtual std::vector<ClaimedReminder> waiting(TenantId tenant,
                                                             const WaitingQuery& query) = 0;
};

}  // namespace rappel::store
