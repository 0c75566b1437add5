// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dispatch/outcomes.hpp"
#include "dispatch/stages.hpp"
#include "store/tenants.hpp"

namespace rappel::dispatch {

/// A message that is committed as in flight and may leave.
struct Departure {
  Flying flying;
  std::string notifier;
  notify::OutgoingMessage message;
  std::uint32_t citizen_version = 0;  ///< by which it was decided
  SilenceSubject silenced_by;         ///< what a silence that is set while it waits may match
};

/// What one batch of a shard has become before anything left.
struct Prepared {
  std::vector<Departure> departures;       ///< in flight by now: they may leave
  std::vector<Departure> waiting;          ///< claimed; their notifier has no room yet
  std::vector<store::Settlement> settled;  ///< written down already
};

struct BatchInput {
  store::Lease fence;
  std::vector<ReminderId> ids;
  std::vector<Route> routes;
  std::map<std::string, std::size_t> room;  ///< by notifier: how many may leave at once
  Instant now{};
  std::shared_ptr<const Manners> manners;          ///< null: the defaults
  std::shared_ptr<const rules::RuleBook> rules;    ///< null: see Context
};

/// Takes the batch: runs the stages, marks in flight what has room to leave and writes down what ended
/// here; the rest stays claimed. Blocks on the store: runs as a job. Throws store::StoreUnavailable.
Prepared prepare_batch(store::Store& store, store::Tenants& tenants,
                       const message::Catalogue& messages, const BatchInput& input);

/// Not sent, not in flight: it is planned again, and decided and worded anew.
store::Settlement release_of(const Departure& departure, Instant now);

/// claimed → in flight for departures of one shard that waited for room. Those that may not leave any
/// more as they were decided, because their citizen changed or a silence was set, are given back and
/// settled; what was cancelled meanwhile is in neither list. Blocks on the store.
Prepared begin_departures(store::Store& store, const store::Lease& fence,
                          std::vector<Departure> departures, Instant now);

}  // namespace rappel::dispatch
