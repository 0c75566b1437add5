// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "base/id.hpp"
#include "base/log_throttle.hpp"
#include "base/nearest.hpp"

using namespace rappel;

TEST_CASE("an id of a citizen's thing carries the shard in its first byte") {
  const auto id = ReminderId::random(Shard{0x7f});
  CHECK(id.shard().number == 0x7f);
  CHECK(id.to_string().substr(0, 2) == "7f");
  CHECK(ReminderId::parse(id.to_string()) == id);
}

TEST_CASE("the same text gives the same derived id") {
  const Shard shard{3};
  CHECK(DeadlineId::derived(shard, "a/b") == DeadlineId::derived(shard, "a/b"));
  CHECK(DeadlineId::derived(shard, "a/b") != DeadlineId::derived(shard, "a/c"));
}

TEST_CASE("only the canonical spelling of an id is read") {
  const auto text = TaskId::random(Shard{1}).to_string();
  std::string upper = text;
  upper[0] = 'A';
  CHECK_FALSE(TaskId::parse(upper));
  CHECK_FALSE(TaskId::parse(text + "0"));
  CHECK_FALSE(TaskId::parse(""));
}

TEST_CASE("a mistyped name finds its neighbour and a stranger finds none") {
  const std::vector<std::string> known{"send_at", "due_on", "template"};
  CHECK(nearest_name("sned_at", known) == "send_at");
  CHECK(nearest_name("dueon", known) == "due_on");
  CHECK(nearest_name("completely_else", known).empty());
}

TEST_CASE("a trouble that repeats itself is written once in a while with how often it came") {
  using std::chrono::seconds;
  LogThrottle throttle(seconds{10});
  CHECK(throttle.pass(seconds{100}) == 0U);
  CHECK_FALSE(throttle.pass(seconds{101}));
  CHECK_FALSE(throttle.pass(seconds{109}));
  CHECK(throttle.pass(seconds{110}) == 2U);
  CHECK_FALSE(throttle.pass(seconds{119}));
  CHECK(throttle.pass(seconds{300}) == 1U);
}
