// SPDX-License-Identifier: Apache-2.0
#include "dispatch/breaker.hpp"

#include <doctest/doctest.h>

using namespace rappel::dispatch;
using std::chrono::seconds;

namespace {

struct Rig {
  Breaker breaker{BreakerOptions{}};
  seconds now{100};

  std::optional<BreakerState> answers(Sign sign, int count = 1) {
    std::optional<BreakerState> changed;
    for (int i = 0; i < count; ++i) {
      if (const auto state = breaker.record(sign, now, now)) changed = state;
    }
    return changed;
  }
  [[nodiscard]] BreakerState state() const { return breaker.state(now); }
  [[nodiscard]] std::size_t allows(std::size_t in_hand) const { return breaker.allows(in_hand, now); }
};

}  // namespace

TEST_CASE("a few failures say nothing and half of the answers open it") {
  Rig rig;
  CHECK_FALSE(rig.answers(Sign::ill, 9).has_value());
  CHECK(rig.state() == BreakerState::closed);
  CHECK(rig.answers(Sign::ill) == BreakerState::open);
  CHECK(rig.allows(0) == 0);
}

TEST_CASE("failures below the share leave it closed") {
  Rig rig;
  for (int i = 0; i < 200; ++i) {
    rig.answers(Sign::ill);
    rig.answers(Sign::well, 2);
  }
  CHECK(rig.state() == BreakerState::closed);
}

TEST_CASE("answers that say nothing of its health count neither way") {
  Rig rig;
  rig.answers(Sign::none, 100);
  rig.answers(Sign::ill, 9);
  CHECK(rig.state() == BreakerState::closed);
}

TEST_CASE("after its rest it is tried with one message at a time and three good ones close it") {
  Rig rig;
  rig.answers(Sign::ill, 10);
  rig.now += seconds{5};
  CHECK(rig.state() == BreakerState::half_open);
  CHECK(rig.allows(0) == 1);
  CHECK(rig.allows(1) == 0);
  CHECK_FALSE(rig.answers(Sign::well, 2).has_value());
  CHECK(rig.answers(Sign::well) == BreakerState::closed);
  CHECK(rig.allows(100) > 1'000);
}

TEST_CASE("a failed probe opens it again for twice as long and never longer than the most") {
  Rig rig;
  rig.answers(Sign::ill, 10);
  for (int expected = 10; expected <= 300; expected = std::min(expected * 2, 301)) {
    rig.now = std::chrono::ceil<seconds>(rig.breaker.open_until());
    CHECK(rig.answers(Sign::ill) == BreakerState::open);
    CHECK(rig.breaker.open_until() == rig.now + seconds{std::min(expected, 300)});
  }
  rig.now = std::chrono::ceil<seconds>(rig.breaker.open_until());
  rig.answers(Sign::ill);
  CHECK(rig.breaker.open_until() == rig.now + seconds{300});
}

TEST_CASE("late answers to what was handed over before the rest are no probes") {
  Rig rig;
  const auto before = rig.now;
  rig.answers(Sign::ill, 10);
  rig.now += seconds{6};
  for (int i = 0; i < 5; ++i) rig.breaker.record(Sign::well, before, rig.now);
  CHECK(rig.state() == BreakerState::half_open);
  rig.breaker.record(Sign::ill, before, rig.now);
  CHECK(rig.state() == BreakerState::half_open);
}

TEST_CASE("a relapse rests longer than the first time") {
  Rig rig;
  rig.answers(Sign::ill, 10);
  rig.now += seconds{5};
  rig.answers(Sign::well, 3);
  rig.answers(Sign::ill, 10);
  CHECK(rig.breaker.open_until() == rig.now + seconds{10});
}

TEST_CASE("one who was sick is trusted fully only after some time of good answers") {
  Rig rig;
  CHECK_FALSE(rig.breaker.ailing(rig.now));
  rig.answers(Sign::ill, 10);
  rig.now += seconds{5};
  rig.answers(Sign::well, 3);
  CHECK(rig.breaker.ailing(rig.now));
  rig.answers(Sign::well, 100);
  CHECK(rig.breaker.ailing(rig.now));  // many, but too soon
  rig.now += seconds{30};
  CHECK_FALSE(rig.breaker.ailing(rig.now));
}

TEST_CASE("a fifth of failures makes it ailing and a few good answers do not make it well") {
  Rig rig;
  for (int i = 0; i < 10; ++i) {
    rig.answers(Sign::ill);
    rig.answers(Sign::well, 4);
  }
  CHECK(rig.state() == BreakerState::closed);
  CHECK(rig.breaker.ailing(rig.now));
  rig.now += seconds{60};
  CHECK(rig.breaker.ailing(rig.now));
  rig.answers(Sign::well, 60);
  CHECK_FALSE(rig.breaker.ailing(rig.now));
}

TEST_CASE("the last provider of a channel rests less") {
  Rig rig;
  rig.answers(Sign::ill, 10);
  for (int i = 0; i < 4; ++i) {
    rig.now = std::chrono::ceil<seconds>(rig.breaker.open_until());
    rig.answers(Sign::ill);
  }
  REQUIRE(rig.breaker.open_until() == rig.now + seconds{80});
  rig.breaker.rest_at_most(seconds{15});
  CHECK(rig.breaker.open_until() == rig.now + seconds{15});
  rig.now += seconds{15};
  CHECK(rig.allows(0) == 1);
}
