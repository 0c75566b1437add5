// SPDX-License-Identifier: Apache-2.0
#include "plain_table.hpp"

static rappel_plugin_table of_the_future() {
  auto table = broken::plain_table();
  table.abi_major = RAPPEL_PLUGIN_ABI_MAJOR + 1;
  return table;
}
BROKEN_PLUGIN(of_the_future())
