// SPDX-License-Identifier: Apache-2.0
#include "scheduler/scheduler.hpp"

#include <doctest/doctest.h>

#include <map>

#include "base/loop_clock.hpp"
#include "base/virtual_loop.hpp"
#include "base/worker_pool.hpp"
#include "store/memory/memory_store.hpp"

using namespace rappel;
using namespace rappel::scheduler;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const Instant start = *parse_rfc3339("2026-11-24T09:00:00Z");

/// A scheduler on virtual time over a store in memory, and what it handed over.
struct Rig {
  explicit Rig(std::size_t room_given = 1'000) : room(room_given) {
    tenant.id = TenantId::random();
    tenant.slug = "t";
    REQUIRE(store.create_tenant(tenant));
    options.node = NodeId::random();
    options.shards = {shard};
    citizen.tenant = tenant.id;
    citizen.id = CitizenId::random(shard);
    citizen.reference = "c";
    auto transaction = store.begin(shard, tenant.id, start);
    transaction->create_citizen(citizen);
    transaction->commit();
  }

  /// A reminder in the store that the scheduler was not told of.
  ReminderId plan(Instant at) { return put(ReminderId::random(shard), at); }

  ReminderId put(ReminderId id, Instant at) {
    Reminder reminder;
    reminder.id = id;
    reminder.citizen = citizen.id;
    reminder.message = "m";
    reminder.due_at = at;
    reminder.next_at = at;
    auto transaction = store.begin(shard, tenant.id, loop.now());
    transaction->upsert(std::span<const Reminder>(&reminder, 1));
    transaction->commit();
    return reminder.id;
  }

  /// Another tenant, whose reminders plan_of() puts into the store.
  store::Citizen neighbour() {
    store::Tenant other;
    other.id = TenantId::random();
    other.slug = "other";
    REQUIRE(store.create_tenant(other));
    store::Citizen their;
    their.tenant = other.id;
    their.id = CitizenId::random(shard);
    their.reference = "their";
    auto transaction = store.begin(shard, other.id, start);
    transaction->create_citizen(their);
    transaction->commit();
    return their;
  }

  void plan_of(const store::Citizen& owner, int count, Instant at) {
    std::vector<Reminder> reminders(std::size_t(count), Reminder{});
    for (auto& reminder : reminders) {
      reminder.id = ReminderId::random(shard);
      reminder.citizen = owner.id;
      reminder.message = "m";
      reminder.due_at = at;
      reminder.next_at = at;
    }
    auto transaction = store.begin(shard, owner.tenant, loop.now());
    transaction->upsert(reminders);
    transaction->commit();
  }

  store::Work work(ReminderId id, Instant at) const {
    return {store::WorkKind::remind, tenant.id, id.bytes(), at, 0, Lane::transactional};
  }

  Shard shard{7};
  VirtualLoop loop{start};
  LoopClock clock{loop};
  store::MemoryStore store{clock};
  InlineJobs jobs;
  store::Tenant tenant;
  store::Citizen citizen;
  Options options;
  std::size_t room;
  std::vector<std::pair<Instant, IdBytes>> due;
  std::unique_ptr<Scheduler> scheduler;

  void run() {
    scheduler = std::make_unique<Scheduler>(
        store, loop, jobs, Leasing{store, jobs}, options,
        Hooks{.due =
                  [this](const store::Lease&, std::vector<store::Work> works) {
                    for (const auto& work : works) due.emplace_back(loop.now(), work.id);
                    room -= works.size();
                  },
              .capacity = [this] { return room; }});
    scheduler->start();
  }
};

}  // namespace

TEST_CASE("work is handed over at its instant and not before") {
  Rig rig;
  rig.plan(start + seconds{90});
  rig.run();
  rig.loop.run_until(start + seconds{89});
  CHECK(rig.due.empty());
  rig.loop.run_until(start + seconds{91});
  REQUIRE(rig.due.size() == 1);
  CHECK(rig.due[0].first >= start + seconds{90});
  CHECK(rig.due[0].first <= start + seconds{90} + rig.options.tick);
}

TEST_CASE("work beyond the horizon stays in the store until its time is near") {
  Rig rig;
  rig.plan(start + hours{24 * 400});
  rig.run();
  rig.loop.run_until(start + seconds{5});
  CHECK(rig.scheduler->status().waiting == 0);
}

TEST_CASE("an overdue row that no hint announced is found by the sweep") {
  Rig rig;
  rig.run();
  rig.loop.run_until(start + seconds{1});
  rig.plan(start + seconds{3});
  rig.loop.run_until(start + seconds{60});
  CHECK(rig.due.size() == 1);
  CHECK(rig.scheduler->status().swept == 1);
}

TEST_CASE("a hint hands work over without waiting for the sweep") {
  Rig rig;
  rig.run();
  rig.loop.run_until(start + seconds{1});
  const auto id = rig.plan(start + seconds{3});
  rig.loop.post([&] {
    const auto work = rig.work(id, start + seconds{3});
    rig.scheduler->wake(std::span(&work, 1));
  });
  rig.loop.run_until(start + seconds{4});
  CHECK(rig.due.size() == 1);
  CHECK(rig.scheduler->status().swept == 0);
}

TEST_CASE("work in hand is not handed over twice and comes back when it is done") {
  Rig rig;
  const auto id = rig.plan(start + seconds{1});
  rig.run();
  rig.loop.run_until(start + seconds{120});
  CHECK(rig.due.size() == 1);
  rig.put(id, start + seconds{200});
  rig.loop.post([&] { rig.scheduler->done(rig.shard, id.bytes(), start + seconds{200}); });
  rig.loop.run_until(start + seconds{199});
  CHECK(rig.due.size() == 1);
  rig.loop.run_until(start + seconds{201});
  CHECK(rig.due.size() == 2);
}

TEST_CASE("a row that was moved to earlier without a hint is found by the sweep") {
  Rig rig;
  const auto id = rig.plan(start + seconds{600});
  rig.run();
  rig.loop.run_until(start + seconds{5});
  rig.put(id, start + seconds{10});
  rig.loop.run_until(start + seconds{60});
  CHECK(rig.due.size() == 1);
}

TEST_CASE("hints that come earlier and earlier leave one timer behind") {
  Rig rig;
  rig.plan(start + seconds{900});  // something always waits
  rig.plan(start + milliseconds{1'290});  // brings the wheel into the block of ticks of the hints
  rig.run();
  rig.loop.run_until(start + milliseconds{1'300});
  for (int i = 0; i < 200; ++i) {
    const auto at = start + milliseconds{2'500 - 5 * i};
    const auto work = rig.work(rig.plan(at), at);
    rig.scheduler->wake(std::span(&work, 1));
  }
  rig.loop.run_until(start + seconds{4});
  CHECK(rig.due.size() == 201);
  const auto before = rig.loop.played();
  rig.loop.run_until(start + seconds{104});
  // Leases, sweeps and one look per second, not two hundred.
  CHECK(rig.loop.played() - before < 100 * 60);
}

TEST_CASE("a dispatch without room gets nothing until it has some") {
  Rig rig(2);
  std::vector<ReminderId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(rig.plan(start + seconds{1}));
  rig.run();
  rig.loop.run_until(start + seconds{30});
  CHECK(rig.due.size() == 2);
  CHECK(rig.scheduler->status().ready == 3);
  rig.loop.post([&] {
    rig.room += 3;
    rig.scheduler->done(rig.shard, rig.due[0].second, std::nullopt);
  });
  rig.loop.run_until(start + seconds{31});
  CHECK(rig.due.size() == 5);
}

TEST_CASE("a thousand rows of one instant are all handed over with a page of ten") {
  Rig rig(5'000);
  rig.options.horizon_page_rows = 10;
  for (int i = 0; i < 1'000; ++i) rig.plan(start + seconds{60});
  rig.run();
  rig.loop.run_until(start + seconds{61});
  CHECK(rig.due.size() == 1'000);
}

TEST_CASE("a wheel that is full loads the rest when there is room again") {
  Rig rig(100'000);
  rig.options.horizon_page_rows = 10;
  rig.options.wheel_entries_max = 20;
  std::vector<ReminderId> ids;
  for (int i = 0; i < 100; ++i) ids.push_back(rig.plan(start + seconds{10 + i}));
  rig.run();
  for (int second = 1; second < 900; ++second) {
    rig.loop.run_until(start + seconds{second});
    const auto handed = rig.due.size();
    for (std::size_t i = 0; i < handed; ++i)
      rig.loop.post([&, i] { rig.scheduler->done(rig.shard, rig.due[i].second, std::nullopt); });
  }
  CHECK(rig.due.size() >= 100);
}

TEST_CASE("a shard that another node holds is left alone until its lease ends") {
  Rig rig;
  rig.plan(start + seconds{1});
  const auto other = NodeId::random();
  const std::vector<Shard> wanted{rig.shard};
  REQUIRE(rig.store.acquire(other, {}, wanted, seconds{40}).size() == 1);
  rig.run();
  rig.loop.run_until(start + seconds{39});
  CHECK(rig.due.empty());
  rig.loop.run_until(start + seconds{60});
  CHECK(rig.due.size() == 1);
}

TEST_CASE("a scheduler that is halted hands nothing over any more and gives its leases back") {
  Rig rig;
  rig.plan(start + seconds{5});
  rig.run();
  rig.loop.run_until(start + seconds{1});
  REQUIRE(rig.scheduler->lease(rig.shard));
  const auto held = rig.scheduler->retire();
  CHECK_FALSE(rig.scheduler->lease(rig.shard));
  rig.loop.run_until(start + seconds{60});
  CHECK(rig.due.empty());
  rig.scheduler->depart(held);
  CHECK(rig.store.live_nodes().empty());
  const std::vector<Shard> wanted{rig.shard};
  CHECK(rig.store.acquire(NodeId::random(), {}, wanted, seconds{10}).size() == 1);
}

TEST_CASE("options that contradict each other are refused by name") {
  Options options;
  options.lease_margin = options.lease_ttl;
  CHECK_THROWS_WITH_AS(options.validate(), doctest::Contains("lease_margin"),
                       std::invalid_argument);
}

TEST_CASE("a tenant with more than the wheel holds does not keep another tenant out") {
  Rig rig(600);
  rig.options.wheel_entries_max = 2'000;
  rig.options.horizon_page_rows = 500;
  const auto their = rig.neighbour();
  rig.plan_of(rig.citizen, 5'000, start - seconds{60});
  rig.plan_of(their, 10, start - seconds{1});
  std::size_t theirs = 0;
  rig.scheduler = std::make_unique<Scheduler>(
      rig.store, rig.loop, rig.jobs, Leasing{rig.store, rig.jobs}, rig.options,
      Hooks{.due =
                [&](const store::Lease&, std::vector<store::Work> works) {
                  for (const auto& work : works) theirs += work.tenant == their.tenant ? 1 : 0;
                  rig.room -= works.size();
                },
            .capacity = [&] { return rig.room; }});
  rig.scheduler->start();
  rig.loop.run_until(start + seconds{2});
  CHECK(theirs == 10);
  CHECK(rig.room == 0);  // the others go on too
}

TEST_CASE("legal deadlines go before advice when there is little room and advice still moves") {
  Rig rig(1'200);
  rig.options.batch_works_max = 20;
  std::map<IdBytes, Lane> lanes;
  auto transaction = rig.store.begin(rig.shard, rig.tenant.id, rig.loop.now());
  for (int i = 0; i < 6'000; ++i) {
    Reminder reminder;
    reminder.id = ReminderId::random(rig.shard);
    reminder.citizen = rig.citizen.id;
    reminder.message = "m";
    reminder.due_at = reminder.next_at = start - seconds{5};
    reminder.lane = Lane(i % 3);
    lanes[reminder.id.bytes()] = reminder.lane;
    transaction->upsert(std::span<const Reminder>(&reminder, 1));
  }
  transaction->commit();
  rig.run();
  rig.loop.run_until(start + seconds{2});
  REQUIRE(rig.due.size() == 1'200);
  std::array<int, 3> served{};
  for (const auto& [at, id] : rig.due) ++served[std::size_t(lanes.at(id))];
  CHECK(served[0] > 700);
  CHECK(served[1] > 200);
  CHECK(served[2] >= 60);
  CHECK(served[2] < 200);
}
