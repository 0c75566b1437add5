// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <source_location>
#include <string>
#include <vector>

#include "scheduler/timer_wheel.hpp"
#include "scheduler/wheel_model.hpp"

// Random histories, replayed against the naive model. A failure prints its seed;
// RAPPEL_TEST_SEED=<seed> replays it alone.

using namespace rappel::scheduler;
using rappel::scheduler::test::WheelModel;

namespace {

struct Mix {
  unsigned schedule;
  unsigned redate;
  unsigned cancel;  ///< of 100 actions; the rest are advances
  std::size_t touched_max;
  unsigned far_bits;  ///< dates up to 2^far_bits ticks ahead
};

class History {
 public:
  History(std::uint64_t seed, const Mix& mix)
      : random_(seed), mix_(mix), start_(first_tick(seed)), now_(start_),
        wheel_(Tick{now_},
               {.entries_max = entries_max, .touched_per_advance_max = mix.touched_max}) {}

  void run(int actions) {
    for (int i = 0; i < actions && good(); ++i) act();
    while (good() && wheel_.size() > 0) advance(now_ + 0x1000'0000, 1'000);
  }
  bool good() const { return failed_line_ == 0; }
  unsigned failed_line() const { return failed_line_; }
  std::uint64_t fired() const { return fired_; }
  std::uint64_t ticks() const { return now_ - start_; }

 private:
  static constexpr std::size_t entries_max = 1'500;

  /// Some histories begin shortly before the low 32 bits of the tick wrap round.
  static std::uint64_t first_tick(std::uint64_t seed) {
    return seed % 2 == 0 ? 0 : (std::uint64_t{1} << 32) * (seed % 5) + 0xffff'0000 - seed % 300;
  }

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  std::uint64_t some_due() {
    const auto kind = below(20);
    const std::uint64_t now = wheel_.now().number;
    if (kind == 0) return now - std::min(now, below(500));
    if (kind == 1) return (now | 0xffff) + 1 + below(2);  // the edges of slots
    if (kind == 2) return now + TimerWheel::horizon_ticks - below(3);
    return now + below(std::uint64_t{1} << (1 + below(mix_.far_bits)));
  }

  void act() {
    const auto choice = below(100);
    if (choice < mix_.schedule) return schedule();
    if (choice < mix_.schedule + mix_.redate) return redate();
    if (choice < mix_.schedule + mix_.redate + mix_.cancel) return cancel();
    advance(now_ + below(std::uint64_t{1} << below(mix_.far_bits)), 1 + below(40));
  }

  void schedule() {
    const auto due = some_due();
    const auto user = static_cast<std::uint32_t>(random_());
    const bool full = model_.live().size() >= entries_max;
    const auto handle = wheel_.schedule(Tick{due}, user);
    expect(handle.has_value() == !full);
    if (handle) model_.schedule(wheel_.now().number, due, user, *handle);
  }

  void redate() {
    if (model_.count() == 0) return;
    const auto number = some_number();
    const auto due = some_due();
    const bool live = model_.is_live(number);
    const auto handle = wheel_.redate(model_.handle(number), Tick{due});
    expect(handle.has_value() == live);
    if (!handle) return;
    model_.cancel(number);
    model_.schedule(wheel_.now().number, due, model_.user(number), *handle);
  }

  void cancel() {
    if (model_.count() == 0) return;
    const auto number = some_number();
    const bool live = model_.is_live(number);
    expect(wheel_.cancel(model_.handle(number)) == live);
    if (live) model_.cancel(number);
  }

  /// Mostly a live timer, sometimes any that ever was: its handle is stale.
  std::uint32_t some_number() {
    if (model_.live().empty() || below(10) == 0)
      return static_cast<std::uint32_t>(below(model_.count()));
    return model_.live()[below(model_.live().size())];
  }

  void advance(std::uint64_t to, std::size_t fired_max) {
    now_ = std::max(now_, to);
    const auto due = wheel_.next_due();
    expect(due.has_value() == !model_.live().empty());
    if (due) {
      const auto first = *model_.first_due();
      expect(due->number <= std::max(first, wheel_.now().number));
    }
    bool more = true;
    while (more && good()) {
      model_.begin_advance(wheel_.now().number);
      const auto progress = wheel_.advance(Tick{now_}, fired_max,
                                           [this](const Fired& timer) { fire(timer); });
      expect(progress.fired <= fired_max);
      more = progress.more;
      if (more && below(3) == 0) act_between();
    }
    expect(!model_.next(now_));
    expect(wheel_.size() == model_.live().size());
    expect(wheel_.dead() <= entries_max + TimerWheel::dead_slack + 200);
  }

  void act_between() {
    const auto choice = below(3);
    if (choice == 0) schedule();
    if (choice == 1) redate();
    if (choice == 2) cancel();
  }

  void fire(const Fired& timer) {
    ++fired_;
    const auto number = model_.next(now_);
    expect(number.has_value());
    if (!number) return;
    expect(timer.handle == model_.handle(*number));
    expect(timer.user == model_.user(*number));
    expect(timer.due.number == model_.due(*number));
    expect(!wheel_.live(timer.handle));
  }

  /// Checks are many; only the line of the first that fails is kept.
  void expect(bool condition, std::source_location where = std::source_location::current()) {
    if (!condition && failed_line_ == 0) failed_line_ = where.line();
  }

  std::mt19937_64 random_;
  Mix mix_;
  std::uint64_t start_;
  std::uint64_t now_;
  TimerWheel wheel_;
  WheelModel model_;
  std::uint64_t fired_ = 0;
  unsigned failed_line_ = 0;
};

/// Fixed seeds, so that every run tests the same, and one that nobody chose.
std::vector<std::uint64_t> seeds() {
  if (const char* given = std::getenv("RAPPEL_TEST_SEED")) return {std::stoull(given)};
  return {1, 2, 3, 4, 5, 6, std::random_device{}()};
}

void replay(const Mix& mix, int actions) {
  for (const auto seed : seeds()) {
    CAPTURE(seed);
    History history{seed, mix};
    history.run(actions);
    REQUIRE(history.failed_line() == 0);
    CHECK(history.fired() > 0);
    CHECK(history.ticks() > 1'000'000);
  }
}

}  // namespace

TEST_CASE("the wheel agrees with a sorted list over a long calm history") {
  replay({.schedule = 50, .redate = 10, .cancel = 20, .touched_max = 100'000, .far_bits = 20},
         40'000);
}

TEST_CASE("the wheel agrees with a sorted list over dates as far as its horizon") {
  replay({.schedule = 50, .redate = 10, .cancel = 20, .touched_max = 100'000, .far_bits = 32},
         40'000);
}

TEST_CASE("the wheel agrees with a sorted list when every advance is cut into small pieces") {
  replay({.schedule = 55, .redate = 10, .cancel = 15, .touched_max = 7, .far_bits = 18}, 40'000);
}

TEST_CASE("the wheel agrees with a sorted list under heavy re-dating") {
  replay({.schedule = 18, .redate = 80, .cancel = 1, .touched_max = 500, .far_bits = 22}, 80'000);
}

TEST_CASE("the wheel agrees with a sorted list while many timers share few ticks") {
  replay({.schedule = 80, .redate = 5, .cancel = 13, .touched_max = 64, .far_bits = 12}, 80'000);
}
