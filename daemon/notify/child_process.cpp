// SPDX-License-Identifier: Apache-2.0
#include "notify/child_process.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

extern "C" {  // glibc 2.36 declares these functions without it
#include <sys/pidfd.h>
}

namespace rappel::notify {
namespace {

constexpr std::array<std::string_view, 10> kept_variables{
    "PATH=",         "LANG=",         "LC_ALL=",        "TZ=",           "SSL_CERT_FILE=",
    "SSL_CERT_DIR=", "ASAN_OPTIONS=", "UBSAN_OPTIONS=", "TSAN_OPTIONS=", "LSAN_OPTIONS="};

std::vector<char*> kept_environment() {
  std::vector<char*> kept;
  for (char** variable = environ; *variable != nullptr; ++variable)
    for (const auto prefix : kept_variables)
      if (std::string_view(*variable).starts_with(prefix)) kept.push_back(*variable);
  kept.push_back(nullptr);
  return kept;
}

/// Attributes of a child that inherits nothing by accident.
class SpawnRules {
 public:
  SpawnRules() {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnRules() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnRules(const SpawnRules&) = delete;
  SpawnRules& operator=(const SpawnRules&) = delete;

  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

ChildProcess ChildProcess::start(const std::string& program,
                                 const std::vector<std::string>& arguments) {
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  auto environment = kept_environment();
  const SpawnRules rules;
  pid_t pid = 0;
  const int error = posix_spawn(&pid, program.c_str(), &rules.files_, &rules.attributes_,
                                argv.data(), environment.data());
  if (error != 0)
    throw std::system_error(error, std::generic_category(), "cannot start " + program);
  return ChildProcess{pid, pidfd_open(pid, 0)};
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), pidfd_(std::exchange(other.pidfd_, -1)) {}

ChildProcess::~ChildProcess() {
  if (pidfd_ >= 0) close(pidfd_);
}

void ChildProcess::signal(int number) const {
  if (pidfd_ >= 0) pidfd_send_signal(pidfd_, number, nullptr, 0);
}

std::string ChildProcess::reap() {
  int status = 0;
  pid_t done = 0;
  do done = waitpid(pid_, &status, 0);
  while (done < 0 && errno == EINTR);
  if (done != pid_) return "ended";
  if (WIFSIGNALED(status))
    return fmt::format("was ended by signal {} ({})", WTERMSIG(status),
                       strsignal(WTERMSIG(status)));
  return fmt::format("exited with status {}", WEXITSTATUS(status));
}

}  // namespace rappel::notify
