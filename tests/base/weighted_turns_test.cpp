// SPDX-License-Identifier: Apache-2.0
#include "base/weighted_turns.hpp"

#include <doctest/doctest.h>

#include <array>

using rappel::WeightedTurns;

namespace {

/// Serves `count` pieces one by one and says how many each class got.
std::array<int, 3> serve(WeightedTurns<3>& turns, int count, std::array<bool, 3> works) {
  std::array<int, 3> served{};
  for (int i = 0; i < count; ++i) {
    const auto turn = turns.next([&](std::size_t index) { return works[index]; });
    REQUIRE(turn.has_value());
    turns.charge(*turn, 1);
    ++served[*turn];
  }
  return served;
}

}  // namespace

TEST_CASE("classes that all have work get their shares") {
  WeightedTurns<3> turns({8, 3, 1});
  CHECK(serve(turns, 1'200, {true, true, true}) == std::array<int, 3>{800, 300, 100});
}

TEST_CASE("a class alone gets everything and saves nothing up meanwhile for the others") {
  WeightedTurns<3> turns({8, 3, 1});
  CHECK(serve(turns, 1'000, {false, false, true}) == std::array<int, 3>{0, 0, 1'000});
  const auto after = serve(turns, 12, {true, true, true});
  CHECK(after[0] == 8);
  CHECK(after[2] <= 1);
}

TEST_CASE("nobody has a turn when nobody has work") {
  WeightedTurns<3> turns({8, 3, 1});
  CHECK_FALSE(turns.next([](std::size_t) { return false; }).has_value());
}

TEST_CASE("what a class got outside its turn is repaid but never without end") {
  WeightedTurns<3> turns({8, 3, 1});
  turns.charge(0, 1'000'000);
  const auto served = serve(turns, 200, {true, true, true});
  CHECK(served[0] > 0);
  CHECK(served[0] < 200 * 8 / 12);
  CHECK(served[2] > 10);
}
