// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <future>
#include <map>
#include <random>
#include <thread>

#include "conformance/samples.hpp"

using namespace conformance;
using std::chrono::milliseconds;
using std::chrono::minutes;
using store::Heartbeat;
using store::LifeId;
using store::ShardSet;

namespace {

Heartbeat joining(NodeId node, LifeId life = LifeId::random()) {
  return {node, life, ShardSet{}.set(), true};
}
Heartbeat going_on(Heartbeat heartbeat) {
  heartbeat.joins = false;
  return heartbeat;
}

std::vector<NodeId> names(const std::vector<store::LiveNode>& nodes) {
  std::vector<NodeId> ids;
  for (const auto& node : nodes) ids.push_back(node.id);
  return ids;
}

}  // namespace

TEST_CASE("a node that beats lives until its time is over and says which shards it serves") {
  World w;
  auto heartbeat = joining(w.node);
  heartbeat.serves.reset().set(0).set(255);
  const auto roll = w.store.beat(heartbeat, minutes{1});
  CHECK_FALSE(roll.replaced);
  REQUIRE(roll.nodes.size() == 1);
  CHECK(roll.nodes[0].id == w.node);
  CHECK(roll.nodes[0].serves == heartbeat.serves);
  CHECK(roll.nodes[0].ends_in > milliseconds{50'000});
  CHECK(roll.nodes[0].ends_in <= minutes{1});
  CHECK(names(w.store.live_nodes()) == std::vector{w.node});
  CHECK(w.store.beat(going_on(heartbeat), milliseconds{0}).nodes.empty());
  CHECK(w.store.live_nodes().empty());
}

TEST_CASE("nodes see each other in the order of their ids") {
  World w;
  const auto other = NodeId::random();
  (void)w.store.beat(joining(other), minutes{1});
  const auto both = names(w.store.beat(joining(w.node), minutes{1}).nodes);
  CHECK(both == std::vector{std::min(other, w.node), std::max(other, w.node)});
}

TEST_CASE("a node that leaves lives no more and a later life of it is not sent away") {
  World w;
  const auto first = joining(w.node);
  (void)w.store.beat(first, minutes{1});
  const auto second = joining(w.node);
  (void)w.store.beat(second, minutes{1});
  w.store.leave(w.node, first.life);
  CHECK(w.store.live_nodes().size() == 1);
  w.store.leave(w.node, second.life);
  CHECK(w.store.live_nodes().empty());
}

TEST_CASE("a process whose node id was taken by another learns that it was replaced") {
  World w;
  const auto old = joining(w.node);
  (void)w.store.beat(old, minutes{1});
  const auto fresh = joining(w.node);
  CHECK_FALSE(w.store.beat(fresh, minutes{1}).replaced);
  CHECK(w.store.beat(going_on(old), minutes{9}).replaced);
  CHECK_FALSE(w.store.beat(going_on(fresh), minutes{1}).replaced);
  CHECK(w.store.live_nodes().at(0).ends_in <= minutes{1});
}

TEST_CASE("a node that was silent for long is forgotten and one that was silent for a while is not") {
  World w;
  const auto gone = joining(NodeId::random());
  const auto silent = joining(NodeId::random());
  (void)w.store.beat(gone, -store::node_memory - minutes{1});
  (void)w.store.beat(silent, -minutes{1});
  CHECK(w.store.beat(joining(w.node), minutes{1}).nodes.size() == 1);
  // A row that is there refuses an earlier life; one that is forgotten does not know it.
  CHECK(w.store.beat(going_on(joining(silent.node)), minutes{1}).replaced);
  CHECK_FALSE(w.store.beat(going_on(joining(gone.node)), minutes{1}).replaced);
}

TEST_CASE("the end of the first lease of others is known and our own does not count") {
  World w;
  const auto all = ShardSet{}.set();
  CHECK_FALSE(w.store.soonest_end(w.node, all));
  const std::vector<Shard> first{Shard{3}};
  const std::vector<Shard> second{Shard{200}};
  (void)w.store.acquire(w.node, {}, first, milliseconds{100});
  CHECK_FALSE(w.store.soonest_end(w.node, all));
  const auto other = NodeId::random();
  const auto held = w.store.acquire(other, {}, second, minutes{1});
  const auto end = w.store.soonest_end(w.node, all);
  REQUIRE(end);
  CHECK(*end > milliseconds{50'000});
  CHECK(*end <= minutes{1});
  CHECK_FALSE(w.store.soonest_end(w.node, ShardSet{}.set(3)));
  (void)w.store.acquire(other, held, {}, -minutes{1});
  CHECK(w.store.soonest_end(w.node, all) == milliseconds{0});
  w.store.release(other, held);
  CHECK_FALSE(w.store.soonest_end(w.node, all));
}

TEST_CASE("an owner's transaction begins only while its epoch stands and a refusal is counted") {
  World w;
  const auto stale = w.lease();
  const auto fresh = w.lease();
  const auto before = w.store.stale_writes();
  CHECK(w.store.begin_owned(stale, w.tenant.id, noon) == nullptr);
  CHECK(w.store.stale_writes() == before + 1);
  auto owned = w.store.begin_owned(fresh, w.tenant.id, noon);
  REQUIRE(owned);
  std::vector events{sample_event(w.citizen)};
  owned->append(events);
  owned->commit();
  owned.reset();
  CHECK(w.store.check_contiguity(w.shard()) == 1);
  CHECK(w.store.stale_writes() == before + 1);
  w.store.release(w.node, std::vector{fresh});
  CHECK(w.store.begin_owned(fresh, w.tenant.id, noon) == nullptr);
  CHECK(w.store.begin(w.shard(), w.tenant.id, noon));  // the turn was given back
}

TEST_CASE("every stale write of the send side is counted") {
  World w;
  const auto reminder = w.plan("J-30", noon);
  const auto stale = w.lease();
  const auto claimed = w.claim_one(stale, reminder.id, noon);
  const auto before = w.store.stale_writes();
  (void)w.lease();
  (void)w.store.recover(stale, noon);
  (void)w.store.claim(stale, std::vector{reminder.id}, noon);
  CHECK_FALSE(w.fly(stale, claimed));
  (void)w.store.settle(stale, std::vector{settlement_of(claimed, ReminderState::sent)}, noon);
  CHECK(w.store.stale_writes() == before + 4);
}

TEST_CASE("a take-over waits for the owner's open transaction and what that wrote stands") {
  World w;
  const std::vector wanted{w.shard()};
  const auto held = w.store.acquire(w.node, {}, wanted, milliseconds{0});
  auto owned = w.store.begin_owned(held.at(0), w.tenant.id, noon);
  REQUIRE(owned);
  auto taken = std::async(std::launch::async, [&] {
    return w.store.acquire(NodeId::random(), {}, wanted, minutes{1});
  });
  CHECK(taken.wait_for(milliseconds{100}) == std::future_status::timeout);
  std::vector events{sample_event(w.citizen)};
  owned->append(events);
  owned->commit();
  owned.reset();
  CHECK(taken.get().at(0).epoch > held[0].epoch);
  CHECK(w.store.check_contiguity(w.shard()) == 1);
}

namespace {

using Steady = std::chrono::steady_clock;
struct Trust {
  NodeId node;
  std::uint64_t epoch = 0;
  Steady::time_point from;
  Steady::time_point until;
};

/// A node as the scheduler is one: trust counts from the start of an attempt, ends before a release,
/// and a death forgets everything without a word.
class Holder {
 public:
  Holder(Store& store, std::vector<Shard> shards, unsigned seed)
      : store_(store), shards_(std::move(shards)), random_(seed) {}

  void live(int rounds) {
    for (int round = 0; round < rounds; ++round) {
      ask();
      if (random_() % 4 == 0) give_back();
      if (random_() % 8 == 0) die();
      std::this_thread::yield();
    }
    give_back();
  }
  std::map<Shard, std::vector<Trust>> history;

 private:
  static constexpr milliseconds ttl{200};
  static constexpr milliseconds margin{50};

  void ask() {
    const auto asked_at = Steady::now();
    const auto leases = store_.acquire(node_, held_, shards_, ttl);
    const auto now = Steady::now();
    held_ = leases;
    const auto until = asked_at + ttl - margin;
    if (until <= now) return;  // the answer came too late to trust anything
    for (const auto& lease : leases) {
      auto& trusts = history[lease.shard];
      const bool same = !trusts.empty() && trusts.back().node == node_ &&
                        trusts.back().epoch == lease.epoch && trusts.back().until >= now;
      if (!same) trusts.push_back({node_, lease.epoch, now, now});
      trusts.back().until = std::max(trusts.back().until, until);
    }
  }
  void trust_no_more() {
    const auto now = Steady::now();
    for (const auto& lease : held_) {
      for (auto& trust : history[lease.shard])
        if (trust.epoch == lease.epoch) trust.until = std::min(trust.until, std::max(trust.from, now));
    }
  }
  void give_back() {
    trust_no_more();
    store_.release(node_, held_);
    held_.clear();
  }
  /// The end of a process: it comes back under its id, or another one comes.
  void die() {
    const bool comes_back = random_() % 2 == 0;
    if (comes_back) {
      trust_no_more();
    } else {
      node_ = NodeId::random();  // and the old one's trust must have ended before anybody follows
    }
    held_.clear();
  }

  Store& store_;
  std::vector<Shard> shards_;
  std::minstd_rand random_;
  NodeId node_ = NodeId::random();
  std::vector<Lease> held_;
};

}  // namespace

TEST_CASE("nodes that come and go and die never trust one shard at the same instant") {
  World w;
  const std::vector<Shard> shards{Shard{1}, Shard{2}, Shard{3}, Shard{4}};
  std::vector<Holder> holders;
  for (unsigned seed = 1; seed <= 4; ++seed) holders.emplace_back(w.store, shards, seed);
  std::vector<std::thread> threads;
  for (auto& holder : holders) threads.emplace_back([&holder] { holder.live(120); });
  for (auto& thread : threads) thread.join();
  for (const Shard shard : shards) {
    std::vector<Trust> all;
    for (auto& holder : holders)
      all.insert(all.end(), holder.history[shard].begin(), holder.history[shard].end());
    REQUIRE(all.size() > 1);
    std::sort(all.begin(), all.end(), [](const Trust& a, const Trust& b) {
      return std::pair(a.epoch, a.from) < std::pair(b.epoch, b.from);
    });
    for (std::size_t i = 1; i < all.size(); ++i) {
      CHECK((all[i].epoch > all[i - 1].epoch || all[i].node == all[i - 1].node));
      CHECK(all[i].from >= all[i - 1].until);
    }
  }
}
