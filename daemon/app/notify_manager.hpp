// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace rappel::app {

/// What the service manager wants to hear (sd_notify); nothing happens without one.
void tell_ready(const std::string& status);
void tell_reloading();
void tell_stopping();
/// One sign of life.
void tell_alive();
/// The listening socket that the service manager handed over, or -1.
int inherited_socket();
/// Half of the watchdog's limit, when there is a watchdog.
std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace rappel::app
