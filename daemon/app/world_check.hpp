// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/config.hpp"

namespace rappel::app {

/// What a configuration meets on this machine, looked at without starting anything.
struct WorldCheck {
  std::vector<Problem> problems;  ///< with these the daemon would not serve
  std::vector<Problem> warnings;  ///< it would, and somebody should know
};

/// Looks at the files, keys, plugins and addresses that the configuration names. The keys of a notifier's own
/// `config` are left to its plugin, which checks them in its own process.
WorldCheck check_world(const Config& config);

/// The library of a notifier: one of ours by its name, or the path of another.
std::string plugin_path(const Config& config, const NotifierConfig& notifier);

}  // namespace rappel::app
