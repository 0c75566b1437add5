// SPDX-License-Identifier: Apache-2.0
#include "simulation/weather.hpp"

namespace rappel::simulation {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

/// One storm in so many ends with days without power.
constexpr double power_cut_chance = 0.12;
constexpr minutes mishap_every{90};

}  // namespace

void Weather::begin() {
  next_storm();
  nights_of_the_clocks();
}

void Weather::next_storm() {
  const auto calm = chance_.span(pace_.calm_least, pace_.calm_most);
  const auto length = chance_.span(hours{6}, hours{40});
  if (timeline_.now() + calm + length >= until_) return;
  timeline_.after(calm, nullptr, [this, length] {
    storm(length);
    timeline_.after(length, nullptr, [this] { next_storm(); });
  });
}

void Weather::storm(std::chrono::microseconds length) {
  ++storms_;
  faults_.storm = true;
  const Instant end = timeline_.now() + length;
  people_.hurry(timeline_.now(), end);
  fill(end);
  timeline_.at(end, nullptr, [this] {
    faults_.storm = --storms_ > 0;
    for (int machine = 0; machine < Nodes::machines_count; ++machine)
      nodes_.set_wall(machine, std::chrono::microseconds{0});
    if (chance_.of(power_cut_chance)) power_cut();
  });
}

/// The last Sundays of March and October, from the evening before to the morning.
void Weather::nights_of_the_clocks() {
  using namespace std::chrono;
  const CivilDate first{floor<days>(timeline_.now())};
  for (auto y = first.year(); sys_days(y / 12 / 31) < until_ + days{365}; ++y) {
    for (const auto m : {March, October}) {
      const Instant evening = sys_days(y / m / Sunday[last]) - hours{3};
      if (evening < timeline_.now() || evening > until_) continue;
      timeline_.at(evening, nullptr, [this] { storm(hours{10}); });
    }
  }
}

void Weather::fill(Instant until) {
  const Instant at = timeline_.now() + chance_.span(minutes{5}, 2 * mishap_every);
  if (at >= until) return;
  timeline_.at(at, nullptr, [this, until] {
    mishap();
    fill(until);
  });
}

void Weather::mishap() {
  const int machine = int(chance_.between(0, Nodes::machines_count - 1));
  const auto& way = chance_.pick(ways);
  switch (chance_.between(0, 4)) {
    case 0:
      faults_.database_away_until = timeline_.now() + chance_.span(seconds{1}, hours{2});
      return;
    case 1:
      return providers_.fall_ill(way.notifier, timeline_.now() + chance_.span(minutes{1}, hours{12}));
    case 2: {
      auto* node = nodes_.at(machine);
      if (node == nullptr || !node->process->alive || node->process->paused) return;
      return timeline_.as(node->process, [&] { node->senders.die(way.notifier); });
    }
    case 3:
      return nodes_.set_wall(machine, chance_.span(hours{-3}, hours{3}));
    default:
      return nodes_.kill(machine, "is killed", chance_.span(seconds{1}, hours{1}));
  }
}

void Weather::power_cut() {
  const auto away = chance_.span(hours{12}, days{6});
  for (int machine = 0; machine < Nodes::machines_count; ++machine)
    nodes_.kill(machine, "is without power", away);
}

}  // namespace rappel::simulation
