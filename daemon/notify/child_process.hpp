// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace rappel::notify {

/// A child with a file descriptor (pidfd) that becomes readable when it ends. It inherits nothing
/// but standard streams: no open file, no blocked signal, and of the environment only what names a
/// language, a time zone, a path and certificates. Signals go through the pidfd, so that a number
/// reused by the kernel is never hit. Move-only; the owner must reap() before it lets go.
class ChildProcess {
 public:
  /// Throws std::system_error when the program cannot be started.
  static ChildProcess start(const std::string& program, const std::vector<std::string>& arguments);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] int pidfd() const { return pidfd_; }
  void signal(int number) const;
  /// Waits for the end, which has come when pidfd is readable, and says how it was:
  /// "exited with status 3", "was ended by signal 11 (Segmentation fault)".
  std::string reap();

 private:
  ChildProcess(pid_t pid, int pidfd) : pid_(pid), pidfd_(pidfd) {}
  pid_t pid_;
  int pidfd_;
};

}  // namespace rappel::notify
