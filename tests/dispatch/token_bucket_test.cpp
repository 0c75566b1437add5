// SPDX-License-Identifier: Apache-2.0
#include "dispatch/token_bucket.hpp"

#include <doctest/doctest.h>

#include <random>
#include <vector>

using namespace rappel::dispatch;
using std::chrono::microseconds;
using std::chrono::seconds;

namespace {

/// Takes whatever it may at random moments; says when each message left.
std::vector<microseconds> drain(TokenBucket& bucket, seconds during, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<microseconds> left;
  for (microseconds at{0}; at < during; at += microseconds{random() % 400'000}) {
    const auto count = bucket.available(at);
    bucket.take(count, at);
    left.insert(left.end(), count, at);
  }
  return left;
}

/// Over every window between two departures: no more than rate × time + burst.
bool within(const std::vector<microseconds>& left, double rate, double burst) {
  for (std::size_t from = 0; from < left.size(); ++from) {
    for (std::size_t to = from; to < left.size(); ++to) {
      const std::chrono::duration<double> time = left[to] - left[from];
      if (double(to - from + 1) > rate * time.count() + burst + 1e-6) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("over no window more leaves than the rate and one burst") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    TokenBucket bucket({.per_second = 10, .burst = 5});
    bucket.set_share(1, microseconds{0});
    const auto left = drain(bucket, seconds{60}, seed);
    CHECK(within(left, 10, 5));
    CHECK(left.size() > 450);
  }
}

TEST_CASE("it starts empty so that a restart adds no burst") {
  TokenBucket bucket({.per_second = 2, .burst = 100});
  bucket.set_share(1, microseconds{0});
  CHECK(bucket.available(microseconds{0}) == 0);
  CHECK(bucket.wait(1, microseconds{0}) == microseconds{500'000});
  CHECK(bucket.available(microseconds{500'000}) == 1);
}

TEST_CASE("slices of nodes together never exceed the limit while shards move between them") {
  TokenBucket one({.per_second = 20, .burst = 10});
  TokenBucket two({.per_second = 20, .burst = 10});
  one.set_share(1, microseconds{0});
  std::mt19937 random(7);
  std::vector<microseconds> left;
  double share = 1;
  for (microseconds at{0}; at < seconds{60}; at += microseconds{random() % 200'000}) {
    if (random() % 10 == 0) {
      // Shards are given back before another node takes them.
      share = double(random() % 257) / 256;
      const double less = std::min(share, one.share());
      one.set_share(less, at);
      two.set_share(std::min(1 - share, two.share()), at);
      one.set_share(share, at);
      two.set_share(1 - share, at);
    }
    for (auto* bucket : {&one, &two}) {
      const auto count = bucket->available(at);
      bucket->take(count, at);
      left.insert(left.end(), count, at);
    }
  }
  CHECK(within(left, 20, 11));  // a node's slice of the burst is one message at least
  CHECK(left.size() > 1'000);
}

TEST_CASE("a slice of nothing sends nothing and waits for ever") {
  TokenBucket bucket({.per_second = 10, .burst = 5});
  CHECK(bucket.available(seconds{100}) == 0);
  CHECK(bucket.wait(1, seconds{100}) == microseconds::max());
}

TEST_CASE("a small slice of the burst still sends one message at a time") {
  TokenBucket bucket({.per_second = 256, .burst = 4});
  bucket.set_share(1.0 / 256, microseconds{0});
  CHECK(bucket.available(seconds{1}) == 1);
  bucket.take(1, seconds{1});
  CHECK(bucket.available(seconds{1}) == 0);
  CHECK(bucket.wait(10, seconds{1}) == microseconds{1'000'000});
}

TEST_CASE("what was promised before the slice shrank is repaid") {
  TokenBucket bucket({.per_second = 10, .burst = 10});
  bucket.set_share(1, microseconds{0});
  REQUIRE(bucket.available(seconds{2}) == 10);
  bucket.set_share(0.5, seconds{2});
  bucket.take(10, seconds{2});
  CHECK(bucket.available(seconds{3}) == 0);
  CHECK(bucket.available(seconds{4}) == 5);
}
