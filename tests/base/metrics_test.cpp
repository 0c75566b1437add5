// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <thread>
#include <vector>

#include "base/metrics.hpp"

using namespace rappel::metrics;

TEST_CASE("a metric exists with the value 0 before anything happens") {
  Registry registry;
  registry.counter("sent_total", "Messages sent.", {{"channel", "sms"}});
  registry.gauge("waiting", "Messages that wait.");
  CHECK(registry.text() ==
        "# HELP sent_total Messages sent.\n# TYPE sent_total counter\nsent_total{channel=\"sms\"} 0\n"
        "# HELP waiting Messages that wait.\n# TYPE waiting gauge\nwaiting 0\n");
}

TEST_CASE("the same name and labels give the same counter") {
  Registry registry;
  auto& one = registry.counter("a_total", "A.", {{"x", "1"}});
  auto& same = registry.counter("a_total", "A.", {{"x", "1"}});
  auto& other = registry.counter("a_total", "A.", {{"x", "2"}});
  one.add(2);
  same.add();
  CHECK(&one == &same);
  CHECK(one.value() == 3);
  CHECK(other.value() == 0);
}

TEST_CASE("a histogram counts each observation in every bucket above it") {
  Registry registry;
  auto& seconds = registry.histogram("took_seconds", "Time.", {0.5, 1});
  for (const double value : {0.25, 0.5, 0.75, 8.5}) seconds.observe(value);
  CHECK(registry.text() ==
        "# HELP took_seconds Time.\n# TYPE took_seconds histogram\n"
        "took_seconds_bucket{le=\"0.5\"} 2\ntook_seconds_bucket{le=\"1\"} 3\n"
        "took_seconds_bucket{le=\"+Inf\"} 4\ntook_seconds_sum 10\ntook_seconds_count 4\n");
}

TEST_CASE("a gauge may be asked for when it is read") {
  Registry registry;
  int calls = 0;
  registry.gauge_of("open", "Open.", {}, [&] { return double(++calls); });
  CHECK(registry.text().find("open 1\n") != std::string::npos);
  CHECK(registry.text().find("open 2\n") != std::string::npos);
}

TEST_CASE("quotes and line breaks cannot leave a label") {
  Registry registry;
  registry.counter("a_total", "A.", {{"x", "1\"} 9\n\\"}});
  CHECK(registry.text().find("a_total{x=\"1\\\"} 9\\n\\\\\"} 0\n") != std::string::npos);
}

TEST_CASE("counts from many threads are not lost") {
  Registry registry;
  auto& counter = registry.counter("a_total", "A.");
  auto& seconds = registry.histogram("b_seconds", "B.", {1});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n) {
        counter.add();
        seconds.observe(2);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(counter.value() == 40'000);
  CHECK(seconds.bucket(1) == 40'000);
  CHECK(seconds.sum() == 80'000);
}
