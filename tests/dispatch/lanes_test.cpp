// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "dispatch/rig.hpp"

using namespace rappel;
using namespace rappel::dispatch;
using namespace rappel::dispatch::tests;

namespace {

const char* const with_sms = R"({"given_name": "Anna", "contacts": [
  {"channel": "sms", "address": "0639980102"}]})";
const std::vector<Route> two_sms_and_mail{{"mail", Channel::email, true},
                                          {"sms", Channel::sms},
                                          {"spare", Channel::sms}};

LaneOptions lane(const char* notifier) { return {.notifier = notifier, .rate = {}, .breaker = {}}; }

/// The dispatcher of a World with lanes of its own, which takes whatever comes back at its instant.
struct LaneWorld : World {
  LaneWorld(const char* profile, std::vector<Route> routes, std::vector<LaneOptions> lanes = {})
      : World(profile) {
    Options options;
    options.routes = std::move(routes);
    options.lanes = std::move(lanes);
    options.jitter_seed = 1;
    carrier.room = 10'000;
    dispatcher = std::make_unique<Dispatcher>(
        store, loop, jobs, carrier, messages(), options,
        Hooks{.done = [this](Shard, const IdBytes& id, std::optional<Instant> at) { again(id, at); },
              .lease = [this](Shard) { return lease; },
              .owns = [this](Shard) { return lease.has_value(); },
              .renounce = [](Shard) {},
              .reevaluate = [](const store::Lease&, TenantId, CitizenId, Instant) { return true; },
              .share = [this] { return share; },
              .room = [this] { ++room_hints; }});
  }

  void again(const IdBytes& id, std::optional<Instant> at) {
    if (!at) return;
    ++comings_back;
    loop.after(std::max(*at - loop.now(), Instant::duration{0}), [this, id] {
      dispatcher->take(fence, {{store::WorkKind::remind, tenant.id, id, loop.now(), 0, Lane::advice}});
    });
  }
  void take_all(const std::vector<Reminder>& reminders) {
    std::vector<store::Work> works;
    for (const auto& one : reminders)
      works.push_back({store::WorkKind::remind, tenant.id, one.id.bytes(), one.next_at, 0, one.lane});
    dispatcher->take(fence, works);
  }
  std::vector<Reminder> plan_many(int count, Channel channel) {
    std::vector<Reminder> reminders;
    for (int i = 0; i < count; ++i) reminders.push_back(plan({channel}));
    return reminders;
  }
  void run(std::chrono::milliseconds time) { loop.run_until(loop.now() + time); }
  void answer(std::size_t index, ResultClass result, std::optional<seconds> retry_after = {}) {
    notify::SendResult given;
    given.delivery = carrier.sent.at(index).delivery;
    given.attempt = carrier.sent.at(index).attempt;
    given.result = result;
    given.retry_after = retry_after;
    carrier.answer(given);
  }
  /// A minute at most.
  void run_until_sent(std::size_t count) {
    for (int second = 0; second < 60 && carrier.sent.size() < count; ++second) run(seconds{1});
    REQUIRE(carrier.sent.size() >= count);
  }
  LaneStatus status(const std::string& notifier) {
    for (auto& one : dispatcher->status().lanes) {
      if (one.notifier == notifier) return one;
    }
    FAIL("no such lane");
    return {};
  }
  [[nodiscard]] std::size_t sent_by(const std::string& notifier) const {
    const auto found = carrier.sent_by.find(notifier);
    return found == carrier.sent_by.end() ? 0 : found->second;
  }

  double share = 1;
  int room_hints = 0;
  int comings_back = 0;
};

/// Ten messages of the first SMS notifier fail: its breaker opens.
void make_sick(LaneWorld& w) {
  w.take_all(w.plan_many(10, Channel::sms));
  w.settle();
  REQUIRE(w.carrier.sent.size() == 10);
  for (std::size_t i = 0; i < 10; ++i) w.answer(i, ResultClass::provider_down);
}

}  // namespace

TEST_CASE("a rate lets out no more than its tokens and hints at room when there is more") {
  auto limited = lane("sms");
  limited.rate = {.per_second = 10, .burst = 5};
  LaneWorld w(with_sms, {{"sms", Channel::sms}}, {limited});
  w.take_all(w.plan_many(40, Channel::sms));
  for (int second = 1; second <= 4; ++second) {
    w.run(seconds{1});
    CHECK(w.carrier.sent.size() <= std::size_t(10 * second + 5));
    CHECK(w.carrier.sent.size() >= std::size_t(10 * second - 5));
  }
  CHECK(w.room_hints > 0);
  w.run(seconds{1});
  CHECK(w.carrier.sent.size() == 40);
}

TEST_CASE("a node with half of the shards sends at half of the rate") {
  auto limited = lane("sms");
  limited.rate = {.per_second = 10, .burst = 4};
  LaneWorld w(with_sms, {{"sms", Channel::sms}}, {limited});
  w.share = 0.5;
  w.carrier.at_once["sms"] = ResultClass::accepted;
  w.take_all(w.plan_many(100, Channel::sms));
  w.run(seconds{10});
  CHECK(w.carrier.sent.size() <= 52);
  CHECK(w.carrier.sent.size() >= 45);
  CHECK(w.status("sms").per_second == 5.0);
}

TEST_CASE("a lane has no more messages with its sender than it may") {
  auto narrow = lane("sms");
  narrow.concurrency_max = 3;
  LaneWorld w(with_sms, {{"sms", Channel::sms}}, {narrow});
  w.take_all(w.plan_many(10, Channel::sms));
  w.settle();
  CHECK(w.carrier.sent.size() == 3);
  w.answer(0, ResultClass::accepted);
  w.answer(1, ResultClass::accepted);
  w.settle();
  CHECK(w.carrier.sent.size() == 5);
  CHECK(w.status("sms").in_hand == 3);
}

TEST_CASE("a Retry-After pauses the whole lane and the other lanes go on") {
  LaneWorld w(with_mail_and_sms, {{"mail", Channel::email, true}, {"sms", Channel::sms}});
  w.take_all(w.plan_many(1, Channel::sms));
  w.settle();
  w.answer(0, ResultClass::throttled, seconds{120});
  w.settle();
  CHECK(w.status("sms").paused_seconds > 110);
  w.take_all(w.plan_many(5, Channel::sms));
  w.take_all(w.plan_many(5, Channel::email));
  w.run(seconds{100});
  CHECK(w.sent_by("sms") == 1);
  CHECK(w.sent_by("mail") == 5);
  w.run(seconds{60});
  CHECK(w.sent_by("sms") == 7);
  CHECK(w.dispatcher->status().suppressed["provider_paused"] >= 5);
}

TEST_CASE("what waited in a lane when it was paused is not stuck there") {
  auto narrow = lane("sms");
  narrow.concurrency_max = 1;
  LaneWorld w(with_sms, {{"sms", Channel::sms}}, {narrow});
  w.take_all(w.plan_many(5, Channel::sms));
  w.settle();
  REQUIRE(w.status("sms").waiting == 4);
  w.answer(0, ResultClass::try_later, seconds{60});
  w.run(seconds{30});
  CHECK(w.carrier.sent.size() == 1);
  CHECK(w.status("sms").waiting == 0);
  CHECK(w.dispatcher->idle());
  w.run(seconds{40});
  CHECK(w.carrier.sent.size() == 2);
}

TEST_CASE("too fast without a time pauses ever longer until something is taken") {
  LaneWorld w(with_sms, {{"sms", Channel::sms}});
  w.take_all(w.plan_many(1, Channel::sms));
  w.settle();
  w.answer(0, ResultClass::throttled);
  CHECK(w.status("sms").paused_seconds == doctest::Approx(1));
  w.take_all(w.plan_many(1, Channel::sms));
  w.run(seconds{10});
  REQUIRE(w.carrier.sent.size() >= 2);
  w.answer(w.carrier.sent.size() - 1, ResultClass::throttled);
  CHECK(w.status("sms").paused_seconds == doctest::Approx(2));
}

TEST_CASE("a sick provider is left alone then probed and closes again") {
  LaneWorld w(with_sms, {{"sms", Channel::sms}});
  make_sick(w);
  CHECK(w.status("sms").breaker == BreakerState::open);
  w.take_all(w.plan_many(5, Channel::sms));
  w.run(seconds{3});
  CHECK(w.carrier.sent.size() == 10);
  for (std::size_t probe = 1; probe <= 3; ++probe) {
    w.run_until_sent(10 + probe);
    CHECK(w.status("sms").breaker == BreakerState::half_open);
    w.run(seconds{5});
    REQUIRE(w.carrier.sent.size() == 10 + probe);  // one at a time
    w.answer(w.carrier.sent.size() - 1, ResultClass::accepted);
  }
  CHECK(w.status("sms").breaker == BreakerState::closed);
  w.run(seconds{60});
  CHECK(w.carrier.sent.size() > 15);
}

TEST_CASE("a provider that answers nothing is sick before its sender is given up") {
  LaneWorld w(with_sms, {{"sms", Channel::sms}});
  w.take_all(w.plan_many(10, Channel::sms));
  w.run(seconds{15});
  CHECK(w.status("sms").breaker == BreakerState::open);
  // Its late answers are not counted twice, and are outcomes all the same.
  for (std::size_t i = 0; i < 10; ++i) w.answer(i, ResultClass::accepted);
  w.settle();
  CHECK(w.status("sms").in_hand == 0);
  CHECK(w.dispatcher->idle());
}

TEST_CASE("another provider of the channel takes over what a sick one refused") {
  auto touchy = lane("sms");
  touchy.breaker.results_min = 1;
  LaneWorld w(with_sms, two_sms_and_mail, {touchy});
  const auto reminder = w.plan({Channel::sms});
  w.take(reminder);
  REQUIRE(w.sent_by("sms") == 1);
  w.carrier.at_once["sms"] = ResultClass::provider_down;  // its probes fail too
  w.carrier.at_once["spare"] = ResultClass::accepted;
  w.answer(0, ResultClass::provider_down);
  w.take_all(w.plan_many(4, Channel::sms));
  w.run(minutes{2});
  CHECK(w.sent_by("spare") == 5);
  CHECK(w.read(reminder).state == ReminderState::sent);
  CHECK(w.read(reminder).channel_index == 0);  // the same series, and so the same key
}

TEST_CASE("a message that may have left stays with its provider even when that is sick") {
  LaneWorld w(with_sms, {{"sms", Channel::sms, true}, {"spare", Channel::sms, true}});
  const auto reminder = w.plan({Channel::sms});
  w.take(reminder);
  const auto first = w.carrier.sent_by;
  w.answer(0, ResultClass::unknown);
  w.run(seconds{10});
  REQUIRE(w.carrier.sent.size() == 2);
  CHECK(w.carrier.sent_by.size() == 1);  // repeated where it went
  // Now it is known not to have left this time, but the doubt about the first time remains.
  w.answer(1, ResultClass::throttled, seconds{600});
  w.run(minutes{9});
  CHECK(w.carrier.sent.size() == 2);
  w.run(minutes{5});
  CHECK(w.carrier.sent.size() == 3);
  CHECK(w.carrier.sent_by.size() == 1);
}

TEST_CASE("one who was sick gets less than its weight until it is well") {
  LaneWorld w(with_sms, two_sms_and_mail);
  CHECK(w.status("sms").weight_now == 1);
  for (int i = 0; i < 5; ++i) {
    w.take_all(w.plan_many(20, Channel::sms));
    w.settle();
    for (std::size_t j = 0; j < w.carrier.sent.size(); ++j) {
      const bool bad = w.carrier.by[j] == "sms" && j % 3 == 0;
      w.answer(j, bad ? ResultClass::unknown : ResultClass::accepted);
    }
  }
  CHECK(w.status("sms").breaker == BreakerState::closed);
  CHECK(w.status("sms").weight_now == ailing_weight);
  CHECK(w.status("spare").weight_now == 1);
}

TEST_CASE("where all providers of a channel are sick the least sick is still tried soon") {
  LaneWorld w(with_sms, {{"sms", Channel::sms}});
  make_sick(w);
  w.take_all(w.plan_many(1, Channel::sms));
  std::size_t seen = 10;
  for (int minute = 0; minute < 10; ++minute) {
    w.run(minutes{1});
    REQUIRE(w.carrier.sent.size() > seen);  // probes never cease
    seen = w.carrier.sent.size();
    w.answer(seen - 1, ResultClass::provider_down);
  }
}

TEST_CASE("a channel that is sick for long is passed over for the next way") {
  LaneWorld w(with_mail_and_sms, {{"sms", Channel::sms}, {"mail", Channel::email, true}});
  make_sick(w);
  const auto reminder = w.plan({Channel::sms, Channel::email});
  w.carrier.at_once["sms"] = ResultClass::provider_down;
  w.take(reminder);
  w.run(minutes{20});
  CHECK(w.sent_by("mail") == 0);
  w.run(minutes{100});  // its next try may be an hour away
  CHECK(w.sent_by("mail") == 1);
}

TEST_CASE("a full waiting room puts off and never lets one tenant keep another out") {
  auto limited = lane("sms");
  limited.rate = {.per_second = 10, .burst = 1};
  LaneWorld w(with_sms, {{"sms", Channel::sms}}, {limited});
  w.carrier.at_once["sms"] = ResultClass::accepted;
  w.take_all(w.plan_many(700, Channel::sms));
  w.settle();
  CHECK(w.status("sms").waiting <= waiting_room_max);
  CHECK(w.status("sms").put_off >= 190);
  w.run(minutes{2});
  CHECK(w.carrier.sent.size() == 700);
  CHECK(w.comings_back < 1'400);  // put off until their turn, not looked at again and again
}
