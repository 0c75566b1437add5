// SPDX-License-Identifier: Apache-2.0
#include "api/http/limits.hpp"

#include <fmt/format.h>

#include "api/http/listener.hpp"

namespace rappel::api {
namespace {

using std::chrono::milliseconds;

class Ranges {
 public:
  void size(const char* name, std::size_t value, std::size_t min, std::size_t max) {
    if (value >= min && value <= max) return;
    add(name, fmt::format("{} is not between {} and {}", value, min, max));
  }
  void time(const char* name, milliseconds value) {
    if (value >= milliseconds{10} && value <= milliseconds{600'000}) return;
    add(name, fmt::format("{} ms is not between 10 ms and 10 minutes", value.count()));
  }
  void add(const char* name, std::string detail) {
    problems.push_back({ProblemKind::invalid, "out_of_range", std::move(detail), name, ""});
  }
  std::vector<Problem> problems;
};

}  // namespace

std::vector<Problem> check(const HttpOptions& options) {
  Ranges ranges;
  ranges.size("threads", options.threads, 1, 512);
  ranges.size("queue_requests_max", options.queue_requests_max, 1, 100'000);
  ranges.size("connections_max", options.connections_max, 1, 100'000);
  ranges.size("requests_per_connection_max", options.requests_per_connection_max, 1, 1'000'000);
  ranges.size("head_bytes_max", options.head_bytes_max, 512, 64 * 1024);
  ranges.size("target_bytes_max", options.target_bytes_max, 64, options.head_bytes_max);
  ranges.size("headers_max", options.headers_max, 4, 256);
  ranges.size("body_bytes_max", options.body_bytes_max, 256, 16 * 1024 * 1024);
  ranges.size("buffered_bytes_max", options.buffered_bytes_max,
              2 * (options.body_bytes_max + options.head_bytes_max), std::size_t{1} << 32);
  ranges.time("request_time", options.request_time);
  ranges.time("idle_time", options.idle_time);
  ranges.time("response_time", options.response_time);
  ranges.time("linger_time", options.linger_time);
  if (options.inherited_fd < 0 && !parse_listen(options.listen))
    ranges.add("listen", "is neither address:port nor unix:/path");
  return std::move(ranges.problems);
}

}  // namespace rappel::api
