// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "base/problem.hpp"

namespace rappel::api {

/// Where and within which limits the server listens. Every wait, queue and size has a name here.
struct HttpOptions {
  /// "address:port" ("127.0.0.1:8080", "[::1]:8080"; port 0 takes a free one) or "unix:/path".
  std::string listen = "127.0.0.1:8080";
  /// A listening socket handed over by the service manager; `listen` is then only a name.
  int inherited_fd = -1;
  /// Peers whose X-Forwarded-For is believed (its last address), exact: "127.0.0.1", "unix".
  std::vector<std::string> trusted_proxies;

  std::size_t threads = 16;
  std::size_t queue_requests_max = 1024;  ///< whole requests that wait for a thread; then 503
  std::size_t connections_max = 4096;     ///< then the longest-waiting unfinished one is closed
  std::size_t requests_per_connection_max = 10'000;
  std::size_t head_bytes_max = 16 * 1024;
  std::size_t target_bytes_max = 4 * 1024;
  std::size_t headers_max = 64;
  std::size_t body_bytes_max = 1024 * 1024;
  std::size_t buffered_bytes_max = 24 * 1024 * 1024;  ///< of all connections together
  std::size_t linger_bytes_max = 8 * 1024 * 1024;  ///< discarded after a refusal, so it is read

  std::chrono::milliseconds request_time{8'000};   ///< from the first byte (or opening) to the last
  std::chrono::milliseconds idle_time{8'000};      ///< between two requests of a connection
  std::chrono::milliseconds response_time{10'000};  ///< for a client to take its answer
  std::chrono::milliseconds linger_time{2'000};
};

/// What is out of range, all at once; nothing when the options can be used.
std::vector<Problem> check(const HttpOptions& options);

}  // namespace rappel::api
