// SPDX-License-Identifier: Apache-2.0
#include "scheduler/timer_wheel.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

using namespace rappel::scheduler;

namespace {

constexpr std::size_t unlimited = 1'000'000;

std::vector<std::uint32_t> users_due(TimerWheel& wheel, std::uint64_t now,
                                     std::size_t fired_max = unlimited) {
  std::vector<std::uint32_t> users;
  wheel.advance(Tick{now}, fired_max, [&](const Fired& timer) { users.push_back(timer.user); });
  return users;
}

using Users = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("a timer fires at its tick and not one tick before") {
  for (const std::uint64_t due :
       {1ULL, 255ULL, 256ULL, 65'536ULL, 16'777'217ULL, 4'294'967'295ULL}) {
    CAPTURE(due);
    TimerWheel wheel{Tick{0}, {}};
    REQUIRE(wheel.schedule(Tick{due}, 7));
    CHECK(users_due(wheel, due - 1).empty());
    CHECK(users_due(wheel, due) == Users{7});
    CHECK(wheel.size() == 0);
  }
}

TEST_CASE("a fired timer tells its tick although the wheel was advanced far beyond") {
  TimerWheel wheel{Tick{1'000}, {}};
  const auto handle = wheel.schedule(Tick{70'000}, 9);
  std::vector<Fired> fired;
  wheel.advance(Tick{500'000'000}, 10, [&](const Fired& timer) { fired.push_back(timer); });
  REQUIRE(fired.size() == 1);
  CHECK(fired[0].due == Tick{70'000});
  CHECK(fired[0].handle == *handle);
}

TEST_CASE("timers of one tick fire in the order they came whatever level they waited on") {
  TimerWheel wheel{Tick{0}, {}};
  const Tick due{20'000'000};
  REQUIRE(wheel.schedule(due, 1));
  users_due(wheel, 16'777'300);
  REQUIRE(wheel.schedule(due, 2));
  users_due(wheel, 19'999'000);
  REQUIRE(wheel.schedule(due, 3));
  users_due(wheel, 19'999'999);
  REQUIRE(wheel.schedule(due, 4));
  CHECK(users_due(wheel, due.number) == Users{1, 2, 3, 4});
}

TEST_CASE("what is scheduled while a cascade pauses stays behind what was there before") {
  TimerWheel wheel{Tick{0}, {.touched_per_advance_max = 70}};
  const Tick due{70'000};
  Users expected;
  for (std::uint32_t user = 0; user < 200; ++user, expected.push_back(user - 1))
    REQUIRE(wheel.schedule(due, user));
  CHECK(users_due(wheel, 70'000).empty());
  CHECK(wheel.now() < due);
  REQUIRE(wheel.schedule(due, 200));
  expected.push_back(200);
  Users fired;
  while (wheel.size() > 0)
    for (const auto user : users_due(wheel, 70'000)) fired.push_back(user);
  CHECK(fired == expected);
}

TEST_CASE("a re-dated timer stands last in its new tick even when it comes back to its old one") {
  TimerWheel wheel{Tick{0}, {}};
  const auto first = wheel.schedule(Tick{5}, 1);
  REQUIRE(wheel.schedule(Tick{5}, 2));
  const auto away = wheel.redate(*first, Tick{9});
  REQUIRE(away);
  REQUIRE(wheel.redate(*away, Tick{5}));
  CHECK(users_due(wheel, 10) == Users{2, 1});
}

TEST_CASE("a stale handle does nothing and says so") {
  TimerWheel wheel{Tick{0}, {}};
  const auto cancelled = wheel.schedule(Tick{5}, 1);
  CHECK(wheel.cancel(*cancelled));
  CHECK_FALSE(wheel.cancel(*cancelled));
  CHECK(wheel.redate(*cancelled, Tick{6}).error() == TimerRefusal::stale);
  const auto moved = wheel.schedule(Tick{5}, 2);
  REQUIRE(wheel.redate(*moved, Tick{6}));
  CHECK_FALSE(wheel.cancel(*moved));
  CHECK(users_due(wheel, 10) == Users{2});
  CHECK_FALSE(wheel.cancel(TimerHandle{}));
  CHECK_FALSE(wheel.cancel(TimerHandle{4'000'000'000, 1}));
}

TEST_CASE("a handle stays stale when its record serves another timer") {
  TimerWheel wheel{Tick{0}, {}};
  const auto old = wheel.schedule(Tick{1}, 1);
  users_due(wheel, 1);
  const auto fresh = wheel.schedule(Tick{5}, 2);
  CHECK(fresh->index == old->index);
  CHECK_FALSE(wheel.cancel(*old));
  CHECK(wheel.live(*fresh));
}

TEST_CASE("a handle stays stale after the wheel gave its memory back") {
  TimerWheel wheel{Tick{0}, {}};
  const auto old = wheel.schedule(Tick{1}, 0);
  for (std::uint32_t user = 1; user < 300'000; ++user) REQUIRE(wheel.schedule(Tick{1}, user));
  const auto bytes = wheel.bytes();
  while (wheel.size() > 0) users_due(wheel, 1);
  CHECK(wheel.bytes() < bytes / 10);
  const auto fresh = wheel.schedule(Tick{5}, 2);
  CHECK(fresh->index == old->index);
  CHECK_FALSE(wheel.live(*old));
}

TEST_CASE("a timer dated in the past fires at the next advance even of the same tick") {
  TimerWheel wheel{Tick{100}, {}};
  REQUIRE(wheel.schedule(Tick{100}, 1));
  REQUIRE(wheel.schedule(Tick{3}, 2));
  CHECK(wheel.next_due() == Tick{100});
  CHECK(users_due(wheel, 100) == Users{1, 2});
}

TEST_CASE("an earlier tick than the last one changes nothing") {
  TimerWheel wheel{Tick{0}, {}};
  users_due(wheel, 1'000);
  REQUIRE(wheel.schedule(Tick{1'005}, 1));
  CHECK(users_due(wheel, 5).empty());
  CHECK(wheel.now() == Tick{1'000});
  CHECK(users_due(wheel, 1'005) == Users{1});
}

TEST_CASE("a timer beyond the horizon is refused and a re-dated one stays where it was") {
  TimerWheel wheel{Tick{50}, {}};
  const Tick beyond{50 + TimerWheel::horizon_ticks + 1};
  CHECK(wheel.schedule(beyond, 1).error() == TimerRefusal::beyond_horizon);
  const auto handle = wheel.schedule(Tick{60}, 2);
  CHECK(wheel.redate(*handle, beyond).error() == TimerRefusal::beyond_horizon);
  CHECK(users_due(wheel, 60) == Users{2});
}

TEST_CASE("a full wheel refuses a timer and takes one again when another is gone") {
  TimerWheel wheel{Tick{0}, {.entries_max = 2}};
  const auto first = wheel.schedule(Tick{10}, 1);
  REQUIRE(wheel.schedule(Tick{11}, 2));
  CHECK(wheel.schedule(Tick{12}, 3).error() == TimerRefusal::full);
  const auto moved = wheel.redate(*first, Tick{13});
  REQUIRE(moved);
  CHECK(wheel.cancel(*moved));
  CHECK(wheel.schedule(Tick{12}, 3));
}

TEST_CASE("options out of range are refused by name") {
  CHECK_THROWS_AS((TimerWheel{Tick{0}, {.entries_max = 0}}), std::invalid_argument);
  CHECK_THROWS_AS((TimerWheel{Tick{0}, {.touched_per_advance_max = 0}}), std::invalid_argument);
  const TimerWheel::Options too_many{.entries_max = TimerWheel::entries_limit + 1};
  CHECK_THROWS_WITH(too_many.validate(), "timer_wheel.entries_max must lie between 1 and 2^30");
}

TEST_CASE("ten years of empty ticks are caught up in a few steps") {
  constexpr std::uint64_t ten_years = 10ULL * 365 * 24 * 3'600;
  TimerWheel wheel{Tick{0}, {}};
  REQUIRE(wheel.schedule(Tick{ten_years - 1}, 1));
  const auto before = wheel.steps();
  CHECK(users_due(wheel, ten_years) == Users{1});
  CHECK(wheel.steps() - before <= 10);
  const auto empty = wheel.steps();
  CHECK(users_due(wheel, ten_years * 1'000).empty());
  CHECK(wheel.steps() - empty <= 1);
}

TEST_CASE("catching up costs steps by the timers and not by the ticks between them") {
  constexpr std::uint64_t count = 1'000;
  TimerWheel wheel{Tick{0}, {}};
  for (std::uint32_t i = 1; i <= count; ++i) REQUIRE(wheel.schedule(Tick{i * 300'000ULL}, i));
  const auto before = wheel.steps();
  CHECK(users_due(wheel, count * 300'000).size() == count);
  CHECK(wheel.steps() - before <= count * 10);
}

TEST_CASE("an advance stops at its limit and says that it must be continued") {
  TimerWheel wheel{Tick{0}, {}};
  for (std::uint32_t user = 0; user < 10; ++user) REQUIRE(wheel.schedule(Tick{1 + user / 5}, user));
  const auto ignore = [](const Fired&) {};
  auto progress = wheel.advance(Tick{3}, 4, ignore);
  CHECK(progress.fired == 4);
  CHECK(progress.more);
  CHECK(wheel.next_due() == Tick{1});
  progress = wheel.advance(Tick{3}, 6, ignore);
  CHECK(progress.fired == 6);
  CHECK_FALSE(progress.more);
  CHECK_FALSE(wheel.next_due());
}

TEST_CASE("no advance touches more entries than its limit allows") {
  constexpr std::size_t touched_max = 1'000;
  TimerWheel wheel{Tick{0}, {.touched_per_advance_max = touched_max}};
  for (std::uint32_t user = 0; user < 50'000; ++user)
    REQUIRE(wheel.schedule(Tick{20'000'000 + user % 7}, user));
  std::size_t fired = 0;
  while (wheel.size() > 0) {
    const auto before = wheel.steps();
    fired += wheel.advance(Tick{30'000'000}, unlimited, [](const Fired&) {}).fired;
    CHECK(wheel.steps() - before <= 2 * touched_max);
  }
  CHECK(fired == 50'000);
}

TEST_CASE("a callback may schedule and cancel and re-date") {
  TimerWheel wheel{Tick{0}, {}};
  REQUIRE(wheel.schedule(Tick{5}, 1));
  const auto victim = wheel.schedule(Tick{5}, 2);
  const auto moving = wheel.schedule(Tick{5}, 3);
  Users fired;
  wheel.advance(Tick{20}, unlimited, [&](const Fired& timer) {
    fired.push_back(timer.user);
    CHECK_FALSE(wheel.cancel(timer.handle));
    if (timer.user != 1) return;
    CHECK(wheel.cancel(*victim));
    REQUIRE(wheel.redate(*moving, Tick{15}));
    REQUIRE(wheel.schedule(Tick{10}, 4));
  });
  CHECK(fired == Users{1, 4, 3});
}

TEST_CASE("what a callback dates in the past waits for the next advance") {
  TimerWheel wheel{Tick{0}, {}};
  REQUIRE(wheel.schedule(Tick{5}, 1));
  std::size_t calls = 0;
  const auto again = [&](const Fired&) {
    ++calls;
    REQUIRE(wheel.schedule(Tick{5}, 1));
  };
  CHECK_FALSE(wheel.advance(Tick{9}, unlimited, again).more);
  CHECK(calls == 1);
  CHECK(wheel.next_due() == Tick{9});
  wheel.advance(Tick{9}, unlimited, again);
  CHECK(calls == 2);
}

TEST_CASE("a callback that throws loses its own timer and no other") {
  TimerWheel wheel{Tick{0}, {}};
  for (std::uint32_t user = 1; user <= 3; ++user) REQUIRE(wheel.schedule(Tick{5}, user));
  const auto fail = [](const Fired&) { throw std::runtime_error("broken"); };
  CHECK_THROWS_AS(wheel.advance(Tick{5}, unlimited, fail), std::runtime_error);
  CHECK(users_due(wheel, 5) == Users{2, 3});
}

TEST_CASE("ticks go on where their low 32 bits wrap round") {
  constexpr std::uint64_t wrap = std::uint64_t{3} << 32;
  TimerWheel wheel{Tick{wrap - 10}, {}};
  REQUIRE(wheel.schedule(Tick{wrap + 5}, 3));
  REQUIRE(wheel.schedule(Tick{wrap - 1}, 1));
  REQUIRE(wheel.schedule(Tick{wrap}, 2));
  REQUIRE(wheel.schedule(Tick{wrap - 10 + TimerWheel::horizon_ticks}, 4));
  CHECK(users_due(wheel, wrap - 2).empty());
  CHECK(users_due(wheel, wrap) == Users{1, 2});
  CHECK(users_due(wheel, wrap + 100) == Users{3});
  CHECK(users_due(wheel, wrap - 11 + TimerWheel::horizon_ticks).empty());
  CHECK(users_due(wheel, wrap - 10 + TimerWheel::horizon_ticks) == Users{4});
}

TEST_CASE("waking at next_due again and again reaches a timer in a few wakes") {
  TimerWheel wheel{Tick{0}, {}};
  REQUIRE(wheel.schedule(Tick{123'456'789}, 1));
  int wakes = 0;
  while (wheel.size() > 0) {
    const auto wake = *wheel.next_due();
    CHECK(wake.number <= 123'456'789);
    users_due(wheel, wake.number);
    ++wakes;
  }
  CHECK(wakes <= 5);
}

TEST_CASE("heavy re-dating keeps memory within twice the live timers") {
  constexpr std::uint32_t count = 20'000;
  TimerWheel wheel{Tick{0}, {.entries_max = count}};
  std::vector<TimerHandle> handles;
  for (std::uint32_t user = 0; user < count; ++user)
    handles.push_back(*wheel.schedule(Tick{1'000 + user * 97ULL}, user));
  const auto bytes = wheel.bytes();
  std::uint64_t most_steps = 0;
  for (std::uint64_t i = 0; i < 50ULL * count; ++i) {
    auto& handle = handles[i * 7'919 % count];
    const auto before = wheel.steps();
    handle = *wheel.redate(handle, Tick{1'000 + i * 131 % 3'000'000});
    most_steps = std::max(most_steps, wheel.steps() - before);
  }
  CHECK(wheel.dead() <= count + TimerWheel::dead_slack + 200);
  CHECK(wheel.bytes() <= 3 * bytes);
  CHECK(most_steps <= 2 * Chunk::capacity);
}

TEST_CASE("re-dating into the past without any advance keeps memory bounded") {
  TimerWheel wheel{Tick{1'000}, {}};
  auto handle = *wheel.schedule(Tick{1}, 1);
  for (int i = 0; i < 100'000; ++i) handle = *wheel.redate(handle, Tick{1});
  CHECK(wheel.dead() <= TimerWheel::dead_slack + 200);
  CHECK(users_due(wheel, 1'000) == Users{1});
}
