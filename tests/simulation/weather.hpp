// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "simulation/nodes.hpp"
#include "simulation/people.hpp"

namespace rappel::simulation {

/// Storms and calms. In a storm each step may go wrong, and besides: the database goes away, providers
/// fall ill, senders die, a wall clock jumps forward or back, and at times everything is without power
/// for days. A storm also stands over each night on which the clocks are put back or forward.
class Weather {
 public:
  Weather(Timeline& timeline, Faults& faults, Nodes& nodes, Providers& providers, People& people,
          Pace pace, Instant until, std::uint64_t seed)
      : timeline_(timeline), faults_(faults), nodes_(nodes), providers_(providers), people_(people),
        pace_(pace), until_(until), chance_(seed) {}
  void begin();

 private:
  void next_storm();
  void storm(std::chrono::microseconds length);
  void nights_of_the_clocks();
  void fill(Instant until);
  void mishap();
  void power_cut();

  Timeline& timeline_;
  Faults& faults_;
  Nodes& nodes_;
  Providers& providers_;
  People& people_;
  Pace pace_;
  Instant until_;
  Chance chance_;
  int storms_ = 0;  ///< under way
};

}  // namespace rappel::simulation
