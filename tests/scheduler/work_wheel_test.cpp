// SPDX-License-Identifier: Apache-2.0
#include "scheduler/work_wheel.hpp"

#include <doctest/doctest.h>

using namespace rappel;
using namespace rappel::scheduler;
using std::chrono::milliseconds;

namespace {

const Instant origin = *parse_rfc3339("2026-11-24T09:00:00Z");

store::Work work(std::uint8_t shard, Instant at) {
  store::Work work;
  work.id = ReminderId::random(Shard{shard}).bytes();
  work.at = at;
  return work;
}

std::vector<std::uint32_t> advance(WorkWheel& wheel, Instant now) {
  std::vector<std::uint32_t> ready;
  wheel.advance(now, 1000, [&](std::uint32_t slot) { ready.push_back(slot); });
  return ready;
}

}  // namespace

TEST_CASE("work is never ready before its instant") {
  WorkWheel wheel(milliseconds{5}, origin, 100);
  REQUIRE(wheel.add(work(1, origin + milliseconds{12})));
  CHECK(advance(wheel, origin + milliseconds{11}).empty());
  CHECK(advance(wheel, origin + milliseconds{15}).size() == 1);
}

TEST_CASE("the same id is known once and moves when it is told again") {
  WorkWheel wheel(milliseconds{5}, origin, 100);
  auto item = work(1, origin + milliseconds{100});
  REQUIRE(wheel.add(item));
  item.at = origin + milliseconds{20};
  REQUIRE(wheel.add(item));
  CHECK(wheel.waiting() == 1);
  CHECK(advance(wheel, origin + milliseconds{50}).size() == 1);
  CHECK(advance(wheel, origin + milliseconds{200}).empty());
}

TEST_CASE("busy work that is moved meanwhile comes back at its new time") {
  WorkWheel wheel(milliseconds{5}, origin, 100);
  auto item = work(1, origin);
  REQUIRE(wheel.add(item));
  const auto ready = advance(wheel, origin + milliseconds{5});
  REQUIRE(ready.size() == 1);
  wheel.take(ready[0]);
  item.at = origin + milliseconds{400};
  REQUIRE(wheel.add(item));
  CHECK(wheel.waiting() == 0);
  const auto again = wheel.finish(item.id, std::nullopt);
  REQUIRE(again);
  CHECK(again->at == item.at);
  CHECK(wheel.busy() == 0);
}

TEST_CASE("a full wheel refuses and has room again when work is finished") {
  WorkWheel wheel(milliseconds{5}, origin, 2);
  const auto first = work(1, origin);
  REQUIRE(wheel.add(first));
  REQUIRE(wheel.add(work(1, origin + milliseconds{50})));
  CHECK_FALSE(wheel.add(work(1, origin)));
  const auto ready = advance(wheel, origin + milliseconds{5});
  REQUIRE(ready.size() == 1);
  wheel.take(ready[0]);
  CHECK_FALSE(wheel.finish(first.id, std::nullopt));
  CHECK(wheel.add(work(1, origin)));
}

TEST_CASE("a lost shard takes its work along but not that of others") {
  WorkWheel wheel(milliseconds{5}, origin, 100);
  REQUIRE(wheel.add(work(1, origin)));
  REQUIRE(wheel.add(work(2, origin)));
  wheel.drop(store::ShardSet{}.set(1));
  const auto ready = advance(wheel, origin + milliseconds{5});
  REQUIRE(ready.size() == 1);
  CHECK(wheel.work(ready[0]).id[0] == 2);
}
