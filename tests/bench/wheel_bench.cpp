// SPDX-License-Identifier: Apache-2.0
// wheel_bench VARIANT COUNT: schedules COUNT timers spread over a year of one-second ticks, cancels
// half of them at random, lets the year pass, checks what fired, and prints one line of JSON.
// One variant per process, so that memory figures do not disturb each other.

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "wheel_variants.hpp"

namespace rappel::bench {
namespace {

constexpr std::uint32_t year_ticks = 365 * 24 * 3'600;

/// CPU time of this process: what other programs of the machine do does not count.
double cpu_ns() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

double resident_bytes() {
  long total = 0;
  long resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

struct Load {
  std::vector<std::uint32_t> due;
  std::vector<std::uint32_t> cancelled;
};

Load make_load(std::uint32_t count) {
  std::mt19937_64 random{20'261'124};
  Load load{std::vector<std::uint32_t>(count), std::vector<std::uint32_t>(count)};
  for (auto& due : load.due) due = 1 + static_cast<std::uint32_t>(random() % year_ticks);
  std::iota(load.cancelled.begin(), load.cancelled.end(), 0U);
  std::shuffle(load.cancelled.begin(), load.cancelled.end(), random);
  load.cancelled.resize(count / 2);
  return load;
}

/// What came out: how many, the sum of their ticks, in order, each with the tick it was given.
class Check {
 public:
  explicit Check(const Load& load) : due_(load.due) {
    for (const auto due : load.due) expected_sum_ += due;
    for (const auto id : load.cancelled) expected_sum_ -= load.due[id];
    expected_count_ = load.due.size() - load.cancelled.size();
  }
  void fired(std::uint32_t id, std::uint32_t due) {
    ++count_;
    sum_ += due;
    wrong_ += due < last_ ? 1 : 0;
    last_ = due;
    if (id % sampled == 0) wrong_ += due_[id] != due ? 1 : 0;
  }
  [[nodiscard]] bool passed() const {
    return count_ == expected_count_ && sum_ == expected_sum_ && wrong_ == 0;
  }

 private:
  /// Looking up each id would measure the cache misses of the check.
  static constexpr std::uint32_t sampled = 64;
  const std::vector<std::uint32_t>& due_;
  std::uint64_t expected_count_ = 0;
  std::uint64_t expected_sum_ = 0;
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t wrong_ = 0;
  std::uint32_t last_ = 0;
};

template <typename Timers>
int measure(std::uint32_t count) {
  const Load load = make_load(count);
  Check check{load};
  const double bytes_before = resident_bytes();
  const double start = cpu_ns();
  Timers timers{count};
  for (std::uint32_t id = 0; id < count; ++id) timers.schedule(id, load.due[id]);
  const double scheduled = cpu_ns();
  const double bytes = (resident_bytes() - bytes_before) / count;
  for (const auto id : load.cancelled) timers.cancel(id);
  const double cancelled = cpu_ns();
  timers.run(year_ticks, [&check](std::uint32_t id, std::uint32_t due) { check.fired(id, due); });
  const double end = cpu_ns();
  if (!check.passed()) {
    std::fputs("wheel_bench: what fired is not what was scheduled\n", stderr);
    return EXIT_FAILURE;
  }
  const double half = count / 2.0;
  std::printf(
      "{\"schedule\": %.2f, \"cancel\": %.2f, \"fire\": %.2f, \"total\": %.2f, "
      "\"bytes\": %.2f, \"bytes_with_handles\": %.2f}\n",
      (scheduled - start) / count, (cancelled - scheduled) / half, (end - cancelled) / half,
      (end - start) / count, bytes - static_cast<double>(Timers::handle_bytes), bytes);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace rappel::bench

int main(int argument_count, char** arguments) {
  using namespace rappel::bench;
  const std::string variant = argument_count == 3 ? arguments[1] : "";
  const auto count = argument_count == 3
                         ? static_cast<std::uint32_t>(std::strtoul(arguments[2], nullptr, 10))
                         : 0U;
  if (count >= 2 && variant == "rappel") return measure<RappelWheel>(count);
  if (count >= 2 && variant == "buckets") return measure<BareBuckets>(count);
  if (count >= 2 && variant == "asio") return measure<AsioTimers>(count);
  std::fputs("usage: wheel_bench rappel|buckets|asio COUNT\n", stderr);
  return 2;
}
