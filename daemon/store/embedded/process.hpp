// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace rappel::store::embedded {

/// Who a child process runs as; an empty name is ourselves.
struct Account {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
};

/// Starts a program in a session of its own, with default signals and no descriptor but the log for
/// its output. Throws std::runtime_error.
pid_t spawn(const Account& account, const std::string& folder, const std::string& log,
            std::vector<std::string> command);

/// Waits for the end of a process, our child or not; false when it still lives after `limit`.
bool ended_within(pid_t pid, std::chrono::milliseconds limit);

/// The exit status of a child that has ended; 0 for a process that is not our child.
int collect(pid_t pid);

bool alive(pid_t pid);

}  // namespace rappel::store::embedded
