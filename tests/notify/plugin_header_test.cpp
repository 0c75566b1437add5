// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <rappel/plugin.hpp>

#include "notify/message.hpp"

using namespace rappel;

namespace {

struct Seen {
  int count = 0;
  std::int32_t result_class = -1;
  static void complete(void* context, std::uint64_t, const rappel_result* result) {
    auto& seen = *static_cast<Seen*>(context);
    ++seen.count;
    seen.result_class = result->result_class;
  }
  rappel_completion completion{sizeof(rappel_completion), 0, this, &complete};
};

}  // namespace

TEST_CASE("the layout of version 1 of the plugin interface does not move") {
  CHECK(sizeof(rappel_message) == 136);
  CHECK(offsetof(rappel_message, sms_segments) == 128);
  CHECK(sizeof(rappel_result) == 32);
  CHECK(sizeof(rappel_query) == 40);
  CHECK(sizeof(rappel_create_args) == 56);
  CHECK(sizeof(rappel_plugin_table) == 88);
  CHECK(offsetof(rappel_plugin_table, parse_report) == 80);
}

TEST_CASE("a ticket answers once and an abandoned one answers unknown") {
  Seen finished;
  {
    plugin::Ticket ticket(finished.completion, 1);
    ticket.finish(plugin::accepted("x"));
    ticket.finish({plugin::ResultClass::rejected});
  }
  CHECK(finished.count == 1);
  CHECK(finished.result_class == RAPPEL_ACCEPTED);
  Seen abandoned;
  { plugin::Ticket ticket(abandoned.completion, 1); }
  CHECK(abandoned.count == 1);
  CHECK(abandoned.result_class == RAPPEL_UNKNOWN);
}

TEST_CASE("a ticket moved away answers only from its new place") {
  Seen seen;
  {
    plugin::Ticket first(seen.completion, 1);
    plugin::Ticket second = std::move(first);
    second.finish(plugin::accepted("x"));
  }
  CHECK(seen.count == 1);
}

TEST_CASE("every result class has one name that reads back") {
  for (int i = 0; i <= RAPPEL_UNKNOWN; ++i) {
    const auto result = notify::ResultClass(i);
    CHECK(notify::parse_result_class(notify::to_string(result)) == result);
  }
  CHECK_FALSE(notify::parse_result_class("Accepted"));
}
