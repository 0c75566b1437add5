// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "plain_table.hpp"

static void* refuse(const rappel_create_args*, char* error, size_t size) {
  std::snprintf(error, size, "the moon is not full");
  return nullptr;
}

static rappel_plugin_table refusing() {
  auto table = broken::plain_table();
  table.create = &refuse;
  return table;
}
BROKEN_PLUGIN(refusing())
