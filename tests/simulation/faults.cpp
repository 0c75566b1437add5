// SPDX-License-Identifier: Apache-2.0
#include "simulation/faults.hpp"

#include <fmt/format.h>

namespace rappel::simulation {

using store::StoreUnavailable;

void Faults::kill(Process& process, const char* where) {
  if (!process.alive) return;
  process.alive = false;
  ++kills_;
  witness_.disturbed();
  trace_.note(where, {}, std::int64_t(process.serial));
}

void Faults::play(const char* operation, double weight, const char* when) {
  const auto& process = timeline_.current();
  if (!process) return;
  if (!process->alive) throw StoreUnavailable("this process is dead");
  if (!storm) return;
  const double drawn = chance_.unit();
  if (drawn < kill_chance * weight) {
    kill(*process, operation);
    throw StoreUnavailable("the process died here");
  }
  if (drawn < (kill_chance + failure_chance) * weight) {
    ++failures_;
    witness_.disturbed();
    trace_.note(when, {}, 0);
    trace_.note(operation, {}, 0);
    throw StoreUnavailable(fmt::format("a fault {} {}", when, operation));
  }
}

void Faults::before(const char* operation, double weight) {
  if (timeline_.current() && timeline_.now() < database_away_until) {
    witness_.disturbed();
    throw StoreUnavailable("the database is away");
  }
  play(operation, weight, "fails before");
}

void Faults::after(const char* operation, double weight) { play(operation, weight, "fails after"); }

std::chrono::microseconds Faults::standstill(std::chrono::microseconds lease) {
  if (!storm || !chance_.of(pause_chance)) return {};
  ++standstills_;
  witness_.disturbed();
  // Some are shorter than a lease, most are not.
  return chance_.span(lease / 4, lease * 2);
}

}  // namespace rappel::simulation
