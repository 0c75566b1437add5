// SPDX-License-Identifier: Apache-2.0
#include "store/memory/memory_store.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace rappel;
using store::MemoryStore;
using store::StoreUnavailable;

namespace {
const Instant start = parse_rfc3339("2026-11-24T12:00:00Z").value();
}

TEST_CASE("a turn in memory that does not come in time is unavailable") {
  const VirtualClock clock(start);
  MemoryStore::Options options;
  options.turn_wait_max = std::chrono::milliseconds{1};
  MemoryStore store(clock, options);
  const auto first = store.begin(Shard{3}, TenantId::random(), start);
  CHECK_THROWS_AS((void)store.begin(Shard{3}, TenantId::random(), start), StoreUnavailable);
  CHECK_NOTHROW((void)store.begin(Shard{4}, TenantId::random(), start));
}

TEST_CASE("a fault that is played leaves the rows as they were") {
  const VirtualClock clock(start);
  std::set<std::string> faults{"commit"};
  MemoryStore::Options options;
  options.fault = [&](std::string_view where) {
    if (faults.contains(std::string(where))) throw StoreUnavailable("played");
  };
  MemoryStore store(clock, options);
  const auto tenant = TenantId::random();
  store::Citizen citizen;
  citizen.tenant = tenant;
  citizen.reference = "A-1";
  citizen.id = CitizenId::random(store.shard_of(tenant, "A-1"));
  {
    auto transaction = store.begin(citizen.id.shard(), tenant, start);
    transaction->create_citizen(citizen);
    CHECK_THROWS_AS(transaction->commit(), StoreUnavailable);
  }
  CHECK_FALSE(store.find_citizen(tenant, "A-1"));
  faults.clear();
  auto transaction = store.begin(citizen.id.shard(), tenant, start);
  transaction->create_citizen(citizen);
  transaction->commit();
  CHECK(store.find_citizen(tenant, "A-1") == citizen.id);
}

TEST_CASE("leases in memory end by the clock that the store was given") {
  VirtualClock clock(start);
  MemoryStore store(clock);
  const std::vector wanted{Shard{9}};
  const auto ttl = std::chrono::seconds{15};
  const auto first = store.acquire(NodeId::random(), {}, wanted, ttl);
  REQUIRE(first.size() == 1);
  CHECK(first[0].expires_at == start + ttl);
  clock.set(start + ttl - std::chrono::microseconds{1});
  CHECK(store.acquire(NodeId::random(), {}, wanted, ttl).empty());
  clock.set(start + ttl);
  CHECK(store.acquire(NodeId::random(), {}, wanted, ttl).size() == 1);
}

TEST_CASE("a simulation gives the same shards each time") {
  const VirtualClock clock(start);
  const TenantId tenant = TenantId::derived(Shard{0}, "mairie");
  CHECK(MemoryStore(clock).shard_of(tenant, "A-1") == MemoryStore(clock).shard_of(tenant, "A-1"));
}
