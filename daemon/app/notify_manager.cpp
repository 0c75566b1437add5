// SPDX-License-Identifier: Apache-2.0
#include "app/notify_manager.hpp"

#include <systemd/sd-daemon.h>

#include <cstdint>

namespace rappel::app {

void tell_ready(const std::string& status) {
  sd_notify(0, ("READY=1\nSTATUS=" + status).c_str());
}

void tell_reloading() { sd_notify(0, "RELOADING=1"); }

void tell_stopping() { sd_notify(0, "STOPPING=1"); }

void tell_alive() { sd_notify(0, "WATCHDOG=1"); }

int inherited_socket() { return sd_listen_fds(1) > 0 ? SD_LISTEN_FDS_START : -1; }

std::optional<std::chrono::microseconds> watchdog_interval() {
  std::uint64_t limit = 0;
  if (sd_watchdog_enabled(0, &limit) <= 0) return std::nullopt;
  return std::chrono::microseconds{limit / 2};
}

}  // namespace rappel::app
