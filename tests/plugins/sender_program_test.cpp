// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>

#include "notify/child_process.hpp"
#include "plugins/pool_rig.hpp"

using namespace rappel;
using namespace rappel::notify;
using namespace rappel::notify::test;

namespace {

const std::string sender_path = std::string(RAPPEL_BINARY_DIR) + "/bin/rappel-sender";

/// The end of systemd's notification socket that systemd holds.
class NotifySocket {
 public:
  explicit NotifySocket(const std::string& path)
      : fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  ~NotifySocket() { close(fd_); }

  /// Whether `word` has been said by now.
  bool has_heard(const std::string& word) {
    char datagram[512];
    for (auto size = read(fd_, datagram, sizeof datagram); size > 0;
         size = read(fd_, datagram, sizeof datagram))
      heard_.append(datagram, std::size_t(size)).append("\n");
    return contains(heard_, word + "\n");
  }

 private:
  int fd_;
  std::string heard_;
};

/// Whether its pidfd is readable.
bool has_ended(const ChildProcess& child) {
  pollfd watched{child.pidfd(), POLLIN, 0};
  return poll(&watched, 1, 0) == 1;
}

std::string status_with(const std::vector<std::string>& arguments) {
  return ChildProcess::start(sender_path, arguments).reap();
}

}  // namespace

TEST_CASE("under systemd a sender tells when it is ready and feeds the watchdog") {
  auto notifier = PoolRig::notifier("relay", "");
  notifier.managed = Managed::external;
  PoolRig rig({notifier});
  NotifySocket systemd(rig.folder / "notify.sock");
  std::filesystem::create_directory(rig.folder / "credentials");
  write_file(rig.folder / "credentials/provider", "hunter2-secret\n");
  auto sender = ChildProcess::start(
      "/usr/bin/env",
      {"NOTIFY_SOCKET=" + (rig.folder / "notify.sock"), "WATCHDOG_USEC=60000",
       "CREDENTIALS_DIRECTORY=" + (rig.folder / "credentials"), sender_path, "--name", "relay",
       "--connect", rig.folder / "senders.sock", "--plugin", broken_plugin("moody")});
  CHECK(rig.wait_until([&] { return systemd.has_heard("READY=1"); }));
  CHECK(rig.wait_until([&] { return systemd.has_heard("WATCHDOG=1"); }));
  auto message = a_message("a");
  message.subject = "leak";
  REQUIRE(rig.send_and_wait("relay", {message}));
  // The credential was read from systemd's folder: the plugin tried to show it.
  CHECK(rig.result_of("relay", "a").detail == "refused *** with ***");
  sender.signal(SIGTERM);
  CHECK(rig.wait_until([&] { return systemd.has_heard("STOPPING=1"); }));
  // The pool must go on working until the sender has ended: it answers the request to drain.
  CHECK(rig.wait_until([&] { return has_ended(sender); }));
  CHECK(sender.reap() == "exited with status 0");
}

TEST_CASE("a sender used wrongly says so and one without a core fails") {
  Folder folder;
  CHECK(status_with({}) == "exited with status 2");
  CHECK(status_with({"--name"}) == "exited with status 2");
  CHECK(status_with({"--nmae", "x"}) == "exited with status 2");
  CHECK(status_with({"--help"}) == "exited with status 0");
  CHECK(status_with({"--name", "x", "--connect", folder / "none.sock", "--plugin", "y"}) ==
        "exited with status 1");
}

TEST_CASE("a sender whose parent is gone does not start") {
  Folder folder;
  CHECK(status_with({"--name", "x", "--connect", folder / "none.sock", "--plugin", "y", "--parent",
                     "1"}) == "exited with status 0");
}

TEST_CASE("a child inherits no open file and no secret of the environment") {
  Folder folder;
  REQUIRE(setenv("PGPASSWORD", "hunter2-secret", 1) == 0);
  const int leaked = fcntl(socket(AF_UNIX, SOCK_STREAM, 0), F_DUPFD, 50);  // survives an exec
  REQUIRE(leaked >= 50);
  const std::string script =
      "env > " + (folder / "env") + "; ls /proc/self/fd > " + (folder / "fd");
  CHECK(ChildProcess::start("/bin/sh", {"-c", script}).reap() == "exited with status 0");
  unsetenv("PGPASSWORD");
  CHECK_FALSE(contains(content_of(folder / "env"), "hunter2"));
  CHECK(contains(content_of(folder / "env"), "PATH="));
  CHECK(contains(content_of(folder / "fd"), "2\n"));
  CHECK_FALSE(contains(content_of(folder / "fd"), std::to_string(leaked)));
  close(leaked);
}
