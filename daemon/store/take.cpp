// SPDX-License-Identifier: Apache-2.0
#include "store/store.hpp"

namespace rappel::store {

/// The flight comes last: if the store fails before it, nothing stands as sent that never left.
std::vector<ReminderId> Store::take(const Lease& fence, std::span<const ReminderId> ids, Instant now,
                                    const Decide& decide) {
  const auto decision = decide(claim(fence, ids, now));
  if (!decision.settled.empty()) settle(fence, decision.settled, now);
  if (decision.flights.empty()) return {};
  return begin_flight(fence, decision.flights, now);
}

}  // namespace rappel::store
