// SPDX-License-Identifier: Apache-2.0
#include <random>

#include "scheduler/nodes_rig.hpp"
#include "scheduler/rendezvous.hpp"

using namespace rappel;
using namespace rappel::test;
using store::ShardSet;

namespace {

/// The shards of two nodes, in the order in which they were added.
bool shared_by(const Node& first, const Node& second) {
  const auto one = first.trusted();
  const auto two = second.trusted();
  return (one & two).none() && (one | two).all() && one.any() && two.any();
}

/// A shard that is the first node's as long as both live.
Shard shard_of(const Node& node) {
  const auto trusted = node.trusted();
  for (std::size_t shard = 0; shard < trusted.size(); ++shard) {
    if (trusted.test(shard)) return Shard{std::uint8_t(shard)};
  }
  FAIL("the node has no shard");
  return {};
}

}  // namespace

TEST_CASE("a node that joins gets what it ranks first for within about a second and nothing else moves") {
  Nodes w;
  auto& first = w.add();
  w.run(seconds{1});
  CHECK(first.trusted().all());
  auto& second = w.add();
  CHECK(w.until([&] { return shared_by(first, second); }, seconds{10}) <= milliseconds{2'300});
  CHECK(second.trusted() == scheduler::share_of(second.id, w.store.live_nodes()));
  const auto before = first.trusted();
  auto& third = w.add();
  w.run(seconds{5});
  CHECK((first.trusted() & ~before).none());
  CHECK((first.trusted() | third.trusted() | second.trusted()).all());
  CHECK(first.status().nodes_live == 3);
  CHECK(first.status().hand_overs == 256 - first.trusted().count());
  CHECK(first.status().lease_losses == 0);
  CHECK(w.disjoint());
}

TEST_CASE("work of a shard is done by its owner alone and goes on with the next one") {
  Nodes w;
  auto& first = w.add();
  auto& second = w.add();
  w.run(seconds{5});
  REQUIRE(shared_by(first, second));
  const Shard shard = shard_of(first);
  const auto earlier = w.plan(shard, w.loop.now() + seconds{30});
  w.run(seconds{60});
  CHECK(first.due == std::set{earlier.bytes()});
  CHECK(second.due.empty());
  const auto later = w.plan(shard, w.loop.now() + seconds{30});
  first.scheduler->halt();
  w.run(seconds{60});
  CHECK(first.due == std::set{earlier.bytes()});
  CHECK(second.due.contains(later.bytes()));
}

TEST_CASE("the shards of a node that dies at any moment are taken within the TTL and a second") {
  for (int death = 0; death < 5'000; death += 311) {
    Nodes w;
    auto& survivor = w.add();
    w.run(milliseconds{death * 7 % 1'000});
    auto& victim = w.add();
    w.run(seconds{20} + milliseconds{death});
    REQUIRE(shared_by(survivor, victim));
    const auto share = victim.trusted().count();
    victim.loop.kill();
    const auto taken = w.until([&] { return survivor.trusted().all(); }, seconds{60});
    CHECK(taken <= w.options.lease_ttl + milliseconds{100});
    CHECK(survivor.status().take_overs == share);
    CHECK(survivor.status().nodes_live == 1);
  }
}

TEST_CASE("a node that stops gives back what is idle at once and what is busy when it is done") {
  Nodes w;
  auto& leaving = w.add();
  auto& staying = w.add();
  w.run(seconds{5});
  REQUIRE(shared_by(leaving, staying));
  const Shard shard = shard_of(leaving);
  const auto id = w.plan(shard, w.loop.now() + seconds{10});
  leaving.holds_on = true;
  w.run(seconds{20});
  REQUIRE(leaving.due.size() == 1);
  leaving.scheduler->halt();
  CHECK(w.until([&] { return staying.trusted().count() == 255; }, seconds{10}) <= milliseconds{1'300});
  w.run(seconds{20});
  CHECK(leaving.scheduler->lease(shard));  // renewed for what is in hand
  CHECK(staying.trusted().count() == 255);
  CHECK(staying.status().nodes_live == 1);
  leaving.scheduler->done(shard, id.bytes(), std::nullopt);
  CHECK(w.until([&] { return staying.trusted().all(); }, seconds{10}) <= milliseconds{1'100});
  CHECK(staying.status().take_overs == 0);
}

TEST_CASE("a hand-over does not wait for ever for what is in hand") {
  Nodes w;
  auto& leaving = w.add();
  leaving.holds_on = true;
  w.run(seconds{1});
  for (int shard = 0; shard < shard_count; ++shard)
    w.plan(Shard{std::uint8_t(shard)}, w.loop.now() + seconds{3});
  w.run(seconds{15});
  CHECK(leaving.status().busy == 256);
  auto& joining = w.add();
  w.run(seconds{5});
  CHECK(joining.trusted().none());
  CHECK(leaving.left == scheduler::share_of(joining.id, w.store.live_nodes()));
  CHECK(leaving.status().shards_leaving == leaving.left.count());
  w.run(w.options.hand_over_max);
  CHECK(shared_by(leaving, joining));
  CHECK(joining.trusted() == leaving.left);
  CHECK(leaving.status().shards_leaving == 0);
}

TEST_CASE("nothing of a shard is handed out while it is handed over and all of it after when it stays") {
  Nodes w;
  for (int shard = 0; shard < shard_count; ++shard) {
    w.plan(Shard{std::uint8_t(shard)}, w.loop.now() + seconds{3});
    w.plan(Shard{std::uint8_t(shard)}, w.loop.now() + seconds{25});
  }
  auto& first = w.add();
  first.holds_on = true;
  w.run(seconds{16});
  REQUIRE(first.due.size() == 256);
  auto& second = w.add();
  w.run(seconds{3});
  const auto leaving = first.status().shards_leaving;
  REQUIRE(leaving > 0);
  second.loop.kill();
  w.run(seconds{11});
  CHECK(first.due.size() == 512 - leaving);  // its time has come, and the shards are on their way out
  w.run(seconds{10});
  CHECK(first.status().shards_leaving == 0);
  CHECK(first.status().hand_overs == 0);
  CHECK(first.due.size() == 512);
}

TEST_CASE("nodes that serve only some shards get those and the others keep theirs") {
  Nodes w;
  auto& general = w.add();
  w.options.shards = {Shard{3}, Shard{200}};
  auto& special = w.add();
  w.run(seconds{10});
  CHECK((special.trusted() & ~ShardSet{}.set(3).set(200)).none());
  CHECK((general.trusted() | special.trusted()).all());
  general.scheduler->halt();
  w.run(seconds{5});
  CHECK(special.trusted() == ShardSet{}.set(3).set(200));
}

TEST_CASE("a process whose node id another one uses steps down and says so") {
  Nodes w;
  const auto id = NodeId::random();
  auto& old = w.add(id);
  w.run(seconds{8});
  auto& fresh = w.add(id);
  w.run(seconds{8});
  CHECK(old.trusted().none());
  CHECK(old.status().replaced);
  CHECK(fresh.trusted().all());
  CHECK_FALSE(fresh.status().replaced);
  w.run(seconds{60});
  CHECK(fresh.status().lease_losses == 0);
}

TEST_CASE("a node that comes back under its id after a crash has its shards at once") {
  Nodes w;
  const auto id = NodeId::random();
  auto& old = w.add(id);
  w.run(seconds{8});
  old.loop.kill();
  auto& fresh = w.add(id);
  w.run(milliseconds{100});
  CHECK(fresh.trusted().all());
}

TEST_CASE("a slow renewal does not extend the time for which a lease is trusted") {
  Nodes w;
  auto& node = w.add();
  w.run(seconds{1});
  CHECK(node.trusted().all());
  node.lease_jobs.delay = seconds{20};  // the round of second 5 is answered in second 25
  w.run(seconds{10});
  CHECK(node.trusted().all());
  w.run(milliseconds{1'500});
  CHECK(node.trusted().none());  // since second 12
  w.run(seconds{14});            // second 26.5: asked at 5, so it was good until 17
  CHECK(node.trusted().none());
  CHECK(node.status().shards_owned == 256);
  node.lease_jobs.delay = milliseconds{0};
  w.run(seconds{30});
  CHECK(node.trusted().all());
  CHECK(node.status().lease_losses == 0);
}

TEST_CASE("nodes that start and stop and freeze and die never trust one shard at the same instant") {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    Nodes w;
    std::minstd_rand random(seed);
    std::vector<Node*> frozen;
    w.add();
    for (int step = 0; step < 400; ++step) {
      w.run(milliseconds{random() % 700});
      Node& node = *w.nodes[random() % w.nodes.size()];
      switch (random() % 12) {
        case 0:
          if (w.nodes.size() < 12) w.add();
          break;
        case 1: node.loop.kill(); break;
        case 2: node.scheduler->halt(); break;
        case 3:
          node.loop.freeze();
          frozen.push_back(&node);
          break;
        case 4:
          for (auto* each : std::exchange(frozen, {})) each->loop.thaw();
          break;
        case 5: node.lease_jobs.delay = milliseconds{random() % 6'000}; break;
        case 6: node.lease_jobs.delay = milliseconds{0}; break;
        case 7: node.scheduler->renounce(Shard{std::uint8_t(random() % shard_count)}); break;
        default: break;
      }
      REQUIRE(w.disjoint());
    }
    // Whatever happened, a healthy node that joins now ends up with its share.
    for (auto& node : w.nodes) node->loop.kill();
    w.run(seconds{40});
    auto& last = w.add();
    w.run(seconds{20});
    CHECK(last.trusted().all());
  }
}
