// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>

#include "api/http/guarded_server.hpp"

using namespace rappel;
using namespace rappel::api;
using std::chrono::milliseconds;

TEST_CASE("options out of range are named and nothing is built on them") {
  HttpOptions options;
  CHECK(check(options).empty());
  options.threads = 0;
  options.listen = "localhost";
  CHECK(check(options).size() == 2);
  CHECK_THROWS_AS(GuardedServer(options, nullptr), std::invalid_argument);
}
