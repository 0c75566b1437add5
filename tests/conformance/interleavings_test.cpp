// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

#include "conformance/samples.hpp"

// Several open transactions, each on a thread of its own that does one step when told to. The driver
// waits for promises, never for time.

using namespace conformance;

namespace {

/// Which actor has just got what it waited for.
class Arrivals {
 public:
  void add(std::size_t actor) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(actor);
    wake_.notify_all();
  }
  std::size_t next() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return !waiting_.empty(); });
    const auto actor = waiting_.front();
    waiting_.pop_front();
    return actor;
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::size_t> waiting_;
};

/// One thread with one transaction.
class Actor {
 public:
  Actor(Store& store, store::Citizen citizen) : store_(store), citizen_(std::move(citizen)) {
    thread_ = std::thread([this] { run(); });
  }
  ~Actor() {
    order([](Actor& self) { self.stopping_ = true; }).wait();
    thread_.join();
  }

  std::future<void> begin() {
    return order([](Actor& self) {
      self.transaction_ = self.store_.begin(self.citizen_.id.shard(), self.citizen_.tenant, noon);
    });
  }
  std::future<void> append() {
    return order([](Actor& self) {
      std::vector events{sample_event(self.citizen_)};
      self.transaction_->append(events);
      self.positions.push_back(events[0].position);
    });
  }
  std::future<void> end(bool commit) {
    return order([commit](Actor& self) {
      if (commit) self.transaction_->commit();
      self.transaction_.reset();
    });
  }
  std::future<void> begin_and_tell(Arrivals& arrivals, std::size_t self_number) {
    return order([&arrivals, self_number](Actor& self) {
      self.transaction_ = self.store_.begin(self.citizen_.id.shard(), self.citizen_.tenant, noon);
      arrivals.add(self_number);
    });
  }

  [[nodiscard]] Shard shard() const { return citizen_.id.shard(); }
  std::vector<std::uint64_t> positions;

 private:
  std::future<void> order(std::function<void(Actor&)> step) {
    std::packaged_task<void(Actor&)> task(std::move(step));
    auto done = task.get_future();
    const std::lock_guard lock(mutex_);
    steps_.push_back(std::move(task));
    wake_.notify_one();
    return done;
  }

  void run() {
    while (!stopping_) {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return !steps_.empty(); });
      auto step = std::move(steps_.front());
      steps_.pop_front();
      lock.unlock();
      step(*this);
    }
    transaction_.reset();
  }

  Store& store_;
  store::Citizen citizen_;
  std::unique_ptr<Transaction> transaction_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::packaged_task<void(Actor&)>> steps_;
  bool stopping_ = false;
  std::thread thread_;
};

/// Citizens on shards 0, 1, 2, … of the subject, as the number says.
store::Citizen citizen_on(World& w, int wanted) {
  std::vector<int> shards;
  for (int i = 0;; ++i) {
    auto citizen = sample_citizen(w.store, w.tenant.id, "on-" + std::to_string(i));
    const int number = citizen.id.shard().number;
    if (std::find(shards.begin(), shards.end(), number) == shards.end()) shards.push_back(number);
    if (int(shards.size()) != wanted + 1) continue;
    if (const auto known = w.store.find_citizen(w.tenant.id, citizen.reference))
      return w.store.read_citizen(w.tenant.id, *known).value();
    auto transaction = w.store.begin(citizen.id.shard(), w.tenant.id, noon);
    transaction->create_citizen(citizen);
    transaction->commit();
    return citizen;
  }
}

/// The next positions of a shard after `before`, when an actor commits `count` events.
void check_positions(const Actor& actor, std::uint64_t before, std::size_t count) {
  REQUIRE(actor.positions.size() == count);
  for (std::size_t i = 0; i < count; ++i) CHECK(actor.positions[i] == before + i + 1);
}

using Outcomes = std::vector<bool>;

std::vector<Outcomes> all_outcomes(std::size_t count) {
  std::vector<Outcomes> all;
  for (std::size_t bits = 0; bits < (std::size_t(1) << count); ++bits) {
    Outcomes outcomes;
    for (std::size_t i = 0; i < count; ++i) outcomes.push_back((bits >> i & 1) != 0);
    all.push_back(outcomes);
  }
  return all;
}

std::vector<std::vector<std::size_t>> all_orders(std::size_t count) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < count; ++i) order.push_back(i);
  std::vector<std::vector<std::size_t>> all;
  do {
    all.push_back(order);
  } while (std::next_permutation(order.begin(), order.end()));
  return all;
}

/// All open at the same time on one shard: each gets its turn when the one before has ended.
void take_turns(World& w, const store::Citizen& citizen, const Outcomes& outcomes) {
  Arrivals arrivals;
  std::deque<Actor> actors;
  std::vector<std::future<void>> begun;
  auto count = w.store.check_contiguity(citizen.id.shard());
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    actors.emplace_back(w.store, citizen);
    begun.push_back(actors[i].begin_and_tell(arrivals, i));
  }
  for (std::size_t turn = 0; turn < outcomes.size(); ++turn) {
    const auto number = arrivals.next();
    auto& actor = actors[number];
    for (std::size_t step = 0; step <= number; ++step) {
      actor.append().get();
      CHECK(w.store.check_contiguity(actor.shard()) == count);
    }
    check_positions(actor, count, number + 1);
    actor.end(outcomes[number]).get();
    if (outcomes[number]) count += number + 1;
    CHECK(w.store.check_contiguity(actor.shard()) == count);
  }
  for (auto& each : begun) each.get();
}

/// Each on its own shard: begins, appends and ends come in any order and nobody waits.
void work_apart(World& w, const std::vector<store::Citizen>& citizens, const Outcomes& outcomes,
                const std::vector<std::size_t>& begin_order,
                const std::vector<std::size_t>& end_order) {
  std::deque<Actor> actors;
  std::vector<std::uint64_t> counts;
  for (const auto& citizen : citizens) {
    actors.emplace_back(w.store, citizen);
    counts.push_back(w.store.check_contiguity(citizen.id.shard()));
  }
  for (const auto i : begin_order) actors[i].begin().get();
  for (const auto i : end_order) actors[i].append().get();
  for (const auto i : begin_order) actors[i].append().get();
  for (const auto i : end_order) {
    check_positions(actors[i], counts[i], 2);
    CHECK(w.store.check_contiguity(actors[i].shard()) == counts[i]);
    actors[i].end(outcomes[i]).get();
    counts[i] += outcomes[i] ? 2 : 0;
    CHECK(w.store.check_contiguity(actors[i].shard()) == counts[i]);
  }
}

}  // namespace

TEST_CASE("two open transactions of one shard take turns whatever their outcomes") {
  World w;
  const auto citizen = citizen_on(w, 0);
  for (const auto& outcomes : all_outcomes(2)) take_turns(w, citizen, outcomes);
}

TEST_CASE("three open transactions of one shard take turns whatever their outcomes") {
  World w;
  const auto citizen = citizen_on(w, 0);
  for (const auto& outcomes : all_outcomes(3)) take_turns(w, citizen, outcomes);
}

TEST_CASE("two open transactions of two shards end in every order without waiting") {
  World w;
  const std::vector citizens{citizen_on(w, 0), citizen_on(w, 1)};
  for (const auto& outcomes : all_outcomes(2))
    for (const auto& begins : all_orders(2))
      for (const auto& ends : all_orders(2)) work_apart(w, citizens, outcomes, begins, ends);
}

TEST_CASE("three open transactions of three shards end in every order without waiting") {
  World w;
  const std::vector citizens{citizen_on(w, 0), citizen_on(w, 1), citizen_on(w, 2)};
  for (const auto& outcomes : all_outcomes(3))
    for (const auto& ends : all_orders(3)) work_apart(w, citizens, outcomes, all_orders(3)[1], ends);
}

TEST_CASE("a transaction that waits for its turn does not hold up another shard") {
  World w;
  const auto here = citizen_on(w, 0);
  const auto there = citizen_on(w, 1);
  for (const bool commit : {true, false}) {
    Actor first(w.store, here);
    Actor second(w.store, here);
    Actor third(w.store, there);
    const auto count = w.store.check_contiguity(first.shard());
    const auto elsewhere = w.store.check_contiguity(third.shard());
    first.begin().get();
    first.append().get();
    auto waiting = second.begin();
    third.begin().get();
    third.append().get();
    third.end(true).get();
    CHECK(w.store.check_contiguity(third.shard()) == elsewhere + 1);
    CHECK(w.store.check_contiguity(first.shard()) == count);
    first.end(commit).get();
    waiting.get();
    second.append().get();
    check_positions(second, count + (commit ? 1 : 0), 1);
    second.end(true).get();
    CHECK(w.store.check_contiguity(first.shard()) == count + (commit ? 2 : 1));
  }
}

TEST_CASE("a claim and a planner of one shard take turns") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  const auto fence = w.lease();
  auto planner = w.begin();
  auto cancelled = reminder;
  cancelled.state = ReminderState::cancelled;
  planner->upsert(std::span<const Reminder>(&cancelled, 1));
  auto claiming = std::async(std::launch::async, [&] {
    return w.store.claim(fence, std::vector{reminder.id}, noon).size();
  });
  planner->commit();
  CHECK(claiming.get() == 0);
}

TEST_CASE("a claim that waited for its turn while its lease was taken over takes nothing") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  for (int round = 0; round < 10; ++round) {
    const auto fence = w.lease();
    auto planner = w.begin();
    std::promise<void> started;
    auto claiming = std::async(std::launch::async, [&] {
      started.set_value();
      return w.store.claim(fence, std::vector{reminder.id}, noon).size();
    });
    started.get_future().wait();
    const auto taken = w.lease();  // does not wait for the turn
    CHECK(taken.epoch > fence.epoch);
    planner->commit();
    CHECK(claiming.get() == 0);
  }
}
