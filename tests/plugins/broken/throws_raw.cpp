// SPDX-License-Identifier: Apache-2.0
// C++ exceptions straight through the C functions, as a careless author would let them.
#include <stdexcept>

#include "plain_table.hpp"

static void answer_one_then_throw(void*, const rappel_message* const* messages, size_t,
                                  const rappel_completion* completion) {
  const rappel_result result{sizeof(rappel_result), RAPPEL_ACCEPTED, "first", nullptr, -1};
  completion->complete(completion->context, messages[0]->token, &result);
  throw std::runtime_error("raw");
}

static rappel_plugin_table throwing() {
  auto table = broken::plain_table();
  table.send = &answer_one_then_throw;
  return table;
}
BROKEN_PLUGIN(throwing())
