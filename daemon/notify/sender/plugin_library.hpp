// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rappel/plugin.h>

#include <string>

#include "base/problem.hpp"

namespace rappel::notify::sender {

/// A notifier's shared library, loaded and checked. Never unloaded: a plugin may leave threads or
/// thread-local destructors behind, and the process ends with it anyway.
class PluginLibrary {
 public:
  /// Refuses, with a sentence for the operator, what is not a notifier this host can drive.
  static Expected<PluginLibrary> open(const std::string& path);

  [[nodiscard]] const rappel_plugin_table& table() const { return *table_; }

  /// Whether the plugin lists this channel.
  [[nodiscard]] bool serves(std::string_view channel) const;

 private:
  explicit PluginLibrary(const rappel_plugin_table* table) : table_(table) {}
  const rappel_plugin_table* table_;
};

}  // namespace rappel::notify::sender
