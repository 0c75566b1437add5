// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <map>

#include "simulation/nodes.hpp"

namespace rappel::simulation {

/// One request of a caseworker's program, repeated under one idempotency key until it is answered.
struct Ask {
  enum class Kind { put_citizen, record_events, schedule, cancel };
  Kind kind = Kind::put_citizen;
  std::string reference;
  boost::json::object body;
  ReminderId reminder;          ///< cancel
  std::size_t moments = 0;      ///< schedule: how many reminders it asks for
  std::size_t events = 0;       ///< record_events: how many it tells
  std::string key;
};

/// Whoever calls the API: asks any node, and again while no answer comes.
class Clients {
 public:
  Clients(Timeline& timeline, Trace& trace, Witness& witness, FaultyStore& store, Nodes& nodes,
          const app::Library& library, TenantId tenant, std::uint64_t seed)
      : timeline_(timeline), trace_(trace), witness_(witness), store_(store), nodes_(nodes),
        library_(library), tenant_(tenant), chance_(seed) {}

  void ask(Ask ask);
  /// Of every citizen: what was acknowledged stands, and planning again changes nothing.
  void check_all();
  [[nodiscard]] std::uint64_t accepted() const { return accepted_; }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }
  [[nodiscard]] const std::map<std::string, int>& refusals() const { return refusals_; }

 private:
  using Answer = Expected<planner::Answer>;
  void try_it(const std::shared_ptr<const Ask>& ask);
  [[nodiscard]] Answer put_to(Node& node, const Ask& ask) const;
  void answered(const Ask& ask, const Answer& answer, Instant now);
  void check_plan(const std::string& reference, Instant now);

  static constexpr int plan_checked_one_in = 4;
  Timeline& timeline_;
  Trace& trace_;
  Witness& witness_;
  FaultyStore& store_;
  Nodes& nodes_;
  const app::Library& library_;
  TenantId tenant_;
  Chance chance_;
  std::map<std::string, std::size_t> told_;  ///< events acknowledged, by citizen
  std::uint64_t asked_ = 0, accepted_ = 0, refused_ = 0;
  std::map<std::string, int> refusals_;
};

}  // namespace rappel::simulation
