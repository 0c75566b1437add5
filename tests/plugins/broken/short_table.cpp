// SPDX-License-Identifier: Apache-2.0
#include "plain_table.hpp"

static rappel_plugin_table cut_off() {
  auto table = broken::plain_table();
  table.size = 40;
  return table;
}
BROKEN_PLUGIN(cut_off())
