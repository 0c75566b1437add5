// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/silence_watch.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

using namespace rappel::store::postgres;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

struct Line {
  Line() { REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0); }
  ~Line() {
    for (const int end : ends) close(end);
  }
  std::array<int, 2> ends{};
};

/// Bytes read, 0 when the line was cut; waits for either.
ssize_t read_one(int socket) {
  char byte = 0;
  return recv(socket, &byte, 1, 0);
}

}  // namespace

TEST_CASE("a wait for a silent server ends after its limit") {
  Line line;
  SilenceWatch watch(milliseconds{100});
  const auto began = steady_clock::now();
  const auto wait = watch.begin(line.ends[0]);
  CHECK(read_one(line.ends[0]) == 0);
  CHECK(steady_clock::now() - began >= milliseconds{100});
}

TEST_CASE("an answer in time ends a wait and the line stays") {
  Line line;
  Line later;
  SilenceWatch watch(milliseconds{100});
  {
    const auto wait = watch.begin(line.ends[0]);
    REQUIRE(send(line.ends[1], "x", 1, 0) == 1);
    CHECK(read_one(line.ends[0]) == 1);
  }
  // Until the watch has looked and cut another line that began later.
  const auto wait = watch.begin(later.ends[0]);
  CHECK(read_one(later.ends[0]) == 0);
  REQUIRE(send(line.ends[1], "y", 1, 0) == 1);
  CHECK(read_one(line.ends[0]) == 1);
}

TEST_CASE("each of several waits ends") {
  Line one;
  Line two;
  SilenceWatch watch(milliseconds{50});
  const auto first = watch.begin(one.ends[0]);
  const auto second = watch.begin(two.ends[0]);
  CHECK(read_one(two.ends[0]) == 0);
  CHECK(read_one(one.ends[0]) == 0);
}
