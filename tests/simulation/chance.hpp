// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace rappel::simulation {

/// Numbers that are the same on every machine for one seed (splitmix64). One thread.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  double unit() { return double(next() >> 11) * 0x1.0p-53; }
  bool of(double probability) { return unit() < probability; }
  /// From `least` to `most`, both included.
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + std::int64_t(next() % std::uint64_t(most - least + 1));
  }
  std::chrono::microseconds span(std::chrono::microseconds least, std::chrono::microseconds most) {
    return std::chrono::microseconds{between(least.count(), most.count())};
  }
  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[std::size_t(between(0, std::int64_t(from.size()) - 1))];
  }

 private:
  std::uint64_t state_;
};

/// From now on every random id of this process, and every other number that libsodium gives out, is
/// the seed's: a whole run repeats itself. Before the first use of an id; one thread.
void give_ids_from(std::uint64_t seed);

}  // namespace rappel::simulation
