// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace rappel::store::embedded {
namespace {

/// posix_spawn's two parameter blocks, freed whatever happens.
struct SpawnPlan {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;

  SpawnPlan(const std::string& folder, const std::string& log) {
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawn_file_actions_addchdir_np(&files, folder.c_str());
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    sigset_t all;
    sigfillset(&all);
    posix_spawnattr_setsigdefault(&attributes, &all);
    // A session of its own: Ctrl-C in a terminal stops the daemon, which then stops PostgreSQL.
    posix_spawnattr_setflags(&attributes, short(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                POSIX_SPAWN_SETSID));
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
};

}  // namespace

pid_t spawn(const Account& account, const std::string& folder, const std::string& log,
            std::vector<std::string> command) {
  if (!account.name.empty()) {
    // setpriv replaces itself by the command, so the pid stays the command's.
    const std::vector<std::string> drop{"/usr/bin/setpriv",
                                        "--reuid=" + std::to_string(account.uid),
                                        "--regid=" + std::to_string(account.gid),
                                        "--clear-groups",
                                        "--reset-env",
                                        "--"};
    command.insert(command.begin(), drop.begin(), drop.end());
  }
  std::vector<char*> arguments;
  for (auto& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const SpawnPlan plan(folder, log);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, command[0].c_str(), &plan.files, &plan.attributes,
                                arguments.data(), environ);
  if (error != 0)
    throw std::runtime_error("cannot start " + command[0] + ": " + std::strerror(error));
  return pid;
}

bool ended_within(pid_t pid, std::chrono::milliseconds limit) {
  // The header of glibc 2.36 declares pidfd_open for C only.
  const int watch = int(syscall(SYS_pidfd_open, pid, 0));
  if (watch < 0) return errno == ESRCH;
  pollfd waiting{watch, POLLIN, 0};
  const int ready = poll(&waiting, 1, int(limit.count()));
  close(watch);
  return ready > 0;
}

int collect(pid_t pid) {
  int status = 0;
  return waitpid(pid, &status, WNOHANG) == pid ? status : 0;
}

bool alive(pid_t pid) { return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM); }

}  // namespace rappel::store::embedded
