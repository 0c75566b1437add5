// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rappel/plugin.h>

namespace broken {

inline void* create(const rappel_create_args*, char*, size_t) {
  static int instance = 0;
  return &instance;
}
inline void destroy(void*) {}
inline void send(void*, const rappel_message* const*, size_t, const rappel_completion*) {}

/// A right table, for each broken plugin to break in one place.
inline rappel_plugin_table plain_table() {
  return {RAPPEL_PLUGIN_MAGIC,
          sizeof(rappel_plugin_table),
          RAPPEL_PLUGIN_ABI_MAJOR,
          RAPPEL_PLUGIN_ABI_MINOR,
          0,
          "broken",
          "0.0.1",
          "email sms",
          R"({"type":"object"})",
          &create,
          &destroy,
          &send,
          nullptr,
          nullptr};
}

}  // namespace broken

#define BROKEN_PLUGIN(table_expression)                                            \
  extern "C" RAPPEL_PLUGIN_EXPORT const rappel_plugin_table* rappel_plugin(void) { \
    static const rappel_plugin_table table = (table_expression);                   \
    return &table;                                                                 \
  }
