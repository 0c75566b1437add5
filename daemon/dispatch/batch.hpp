// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
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
};

/// What one batch of a shard has become before anything left.
struct Prepared {
  std::vector<Departure> departures;       ///< in flight by now: they may leave
  std::vector<Departure> waiting;          ///< claimed; their notifier has no room yet
  std::vector<store::Settlement> settled;  ///< written down already
  std::map<std::string, double> turns{};   ///< Providers::turns()
};

struct BatchInput {
  store::Lease fence;
  std::vector<ReminderId> ids;
  std::vector<Route> routes;
  std::map<std::string, std::size_t> room;  ///< by notifier: how many may leave at once
  Instant now{};
};

/// Takes the batch: runs the stages, marks in flight what has room to leave and writes down what ended
/// here; the rest stays claimed. Blocks on the store: runs as a job. Throws store::StoreUnavailable.
Prepared prepare_batch(store::Store& store, store::Tenants& tenants,
                       const message::Catalogue& messages, const BatchInput& input);

/// claimed → in flight for departures of one shard; returns those that may leave: the others were
/// cancelled meanwhile. Blocks on the store.
std::vector<Departure> begin_departures(store::Store& store, const store::Lease& fence,
                                        std::vector<Departure> departures, Instant now);

}  // namespace rappel::dispatch
