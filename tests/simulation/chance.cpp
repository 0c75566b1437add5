// SPDX-License-Identifier: Apache-2.0
#include "simulation/chance.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>

namespace rappel::simulation {
namespace {

Chance& stream() {
  static Chance chance(1);
  return chance;
}

const char* name() { return "a seed of the simulation"; }
std::uint32_t word() { return std::uint32_t(stream().next()); }
void fill(void* const buffer, const std::size_t size) {
  auto* bytes = static_cast<unsigned char*>(buffer);
  for (std::size_t done = 0; done < size; done += sizeof(std::uint64_t)) {
    const auto value = stream().next();
    std::memcpy(bytes + done, &value, std::min(sizeof value, size - done));
  }
}

randombytes_implementation seeded{name, word, nullptr, nullptr, fill, nullptr};

}  // namespace

void give_ids_from(std::uint64_t seed) {
  stream() = Chance(seed);
  randombytes_set_implementation(&seeded);
}

}  // namespace rappel::simulation
