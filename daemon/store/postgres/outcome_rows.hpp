// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/postgres/state.hpp"

// The rows that a batch of the send side changes, gathered by table so that each is one statement.

namespace rappel::store::postgres {

boost::json::object settle_row(const Settlement& settlement);

/// What a batch of outcomes brings with it.
class Consequences {
 public:
  /// A delivery that begins.
  void begin(const Sealer& sealer, TenantId tenant, const Delivery& delivery);
  void add(const Sealer& sealer, const Settlement& settlement, CitizenId citizen);
  /// `next_position` is that of the shard's next event.
  void write(Session& session, Sealer& sealer, Shard shard, std::uint64_t next_position, Instant now);

 private:
  boost::json::array begun_;
  boost::json::array outcomes_;  ///< of deliveries that were begun
  boost::json::array inbox_;
  boost::json::array tasks_;
  boost::json::array reevaluated_;
  std::vector<TenantId> event_tenants_;
  std::vector<Event> events_;
};

/// The rows of a batch as they are written at its end: claimed, unless something was decided of them.
class TakenRows {
 public:
  explicit TakenRows(const std::vector<ClaimedReminder>& batch);
  void fly(const Flight& flight);
  void settle(const Settlement& settlement);
  [[nodiscard]] std::string json() const;

 private:
  std::unordered_map<ReminderId, boost::json::object> rows_;
};

}  // namespace rappel::store::postgres
