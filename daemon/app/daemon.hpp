// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/config.hpp"

namespace rappel::app {

/// Runs the daemon until SIGTERM or SIGINT: starts each part in order, says so to the service
/// manager, and takes everything down in reverse, each wait bounded. Returns the exit code; throws
/// what keeps it from starting.
int run_daemon(const Config& config);

}  // namespace rappel::app
