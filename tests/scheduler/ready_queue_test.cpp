// SPDX-License-Identifier: Apache-2.0
#include "scheduler/ready_queue.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

using namespace rappel;
using namespace rappel::scheduler;

namespace {

constexpr std::size_t batch_max = 200;
const TenantId a = TenantId::random();
const TenantId b = TenantId::random();

bool all(Shard) { return true; }

/// Slots are numbered in the order of their coming, and know whose they are.
struct Numbered {
  ReadyQueue ready{batch_max};
  std::vector<std::pair<TenantId, Lane>> owners;

  void push(int shard, TenantId tenant, Lane lane) {
    ready.push(Shard{std::uint8_t(shard)}, tenant, lane, std::uint32_t(owners.size()));
    owners.emplace_back(tenant, lane);
  }
  std::vector<std::uint32_t> batch(std::size_t count = batch_max) {
    REQUIRE(ready.next(all).has_value());
    return ready.take(count);
  }
};

}  // namespace

TEST_CASE("the first to come in a shard is the first to go") {
  Numbered queue;
  for (int i = 0; i < 5; ++i) queue.push(7, a, Lane::advice);
  CHECK(queue.batch(3) == std::vector<std::uint32_t>{0, 1, 2});
  CHECK(queue.batch(3) == std::vector<std::uint32_t>{3, 4});
  CHECK(queue.ready.empty());
}

TEST_CASE("ten reminders of one tenant do not wait for a hundred thousand of another") {
  Numbered queue;
  for (int i = 0; i < 100'000; ++i) queue.push(i % shard_count, a, Lane::transactional);
  for (int i = 0; i < 10; ++i) queue.push(i * 20, b, Lane::transactional);
  std::size_t batches = 0;
  std::size_t works = 0;
  for (std::size_t of_b = 0; of_b < 10; ++batches) {
    const auto batch = queue.batch();
    works += batch.size();
    for (const auto slot : batch) of_b += queue.owners[slot].first == b ? 1 : 0;
  }
  CHECK(batches <= 12);  // they lie in ten shards, and a batch is of one
  CHECK(works > batches * batch_max * 9 / 10);  // and whole batches all the same
}

TEST_CASE("tenants with the same backlog get the same share") {
  Numbered queue;
  for (int i = 0; i < 40'000; ++i) queue.push(i % shard_count, a, Lane::advice);
  for (int i = 0; i < 40'000; ++i) queue.push(i % shard_count, b, Lane::advice);
  std::map<TenantId, int> served;
  for (int i = 0; i < 100; ++i) {
    for (const auto slot : queue.batch()) ++served[queue.owners[slot].first];
  }
  CHECK(served[a] > 8'000);
  CHECK(served[b] > 8'000);
}

TEST_CASE("the lanes share what there is by weight and the least urgent moves") {
  Numbered queue;
  for (int i = 0; i < 60'000; ++i) queue.push(i % 8, a, Lane(i % 3));
  std::array<int, 3> served{};
  for (int i = 0; i < 84; ++i) {
    for (const auto slot : queue.batch()) ++served[std::size_t(queue.owners[slot].second)];
  }
  const int total = served[0] + served[1] + served[2];
  CHECK(served[0] > total * 8 / 12 * 9 / 10);
  CHECK(served[1] > total * 3 / 12 * 8 / 10);
  CHECK(served[2] > total / 12 * 8 / 10);
  CHECK(served[2] < total / 12 * 12 / 10);
}

TEST_CASE("a batch is of one shard and is filled up with whatever else waits there") {
  Numbered queue;
  queue.push(3, b, Lane::legal_deadline);
  for (int i = 0; i < 50; ++i) queue.push(3, a, Lane::advice);
  for (int i = 0; i < 50; ++i) queue.push(4, a, Lane::advice);
  const auto turn = queue.ready.next(all);
  REQUIRE(turn.has_value());
  CHECK(turn->shard == Shard{3});
  CHECK(turn->waiting == 51);
  const auto batch = queue.ready.take(batch_max);
  CHECK(batch.size() == 51);
  CHECK(batch.front() == 0);
  CHECK(queue.ready.size() == 50);
}

TEST_CASE("a shard that may not be used is passed over and keeps its turn") {
  Numbered queue;
  queue.push(3, a, Lane::advice);
  queue.push(4, a, Lane::advice);
  const auto only_4 = [](Shard shard) { return shard.number == 4; };
  REQUIRE(queue.ready.next(only_4).has_value());
  CHECK(queue.ready.take(batch_max) == std::vector<std::uint32_t>{1});
  CHECK_FALSE(queue.ready.next(only_4).has_value());
  CHECK(queue.batch() == std::vector<std::uint32_t>{0});
}

TEST_CASE("a lost shard leaves the queue and nothing else does") {
  Numbered queue;
  queue.push(3, a, Lane::advice);
  queue.push(4, a, Lane::advice);
  queue.push(3, b, Lane::legal_deadline);
  queue.ready.drop(Shard{3});
  CHECK(queue.ready.size() == 1);
  CHECK(queue.batch() == std::vector<std::uint32_t>{1});
  CHECK_FALSE(queue.ready.next(all).has_value());
  queue.push(3, b, Lane::legal_deadline);
  CHECK(queue.batch() == std::vector<std::uint32_t>{3});
}
