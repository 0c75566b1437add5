// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <csignal>

#include "notify/child_process.hpp"
#include "plugins/pool_rig.hpp"

using namespace rappel;
using namespace rappel::notify;
using namespace rappel::notify::test;

namespace {

NotifierOptions external(const std::string& name) {
  auto options = PoolRig::notifier(name, "");
  options.managed = Managed::external;
  return options;
}

/// A sender started by somebody else than the pool.
struct Stranger {
  Stranger(const PoolRig& rig, const std::string& name)
      : process(ChildProcess::start(std::string(RAPPEL_BINARY_DIR) + "/bin/rappel-sender",
                                    {"--name", name, "--connect", rig.folder / "senders.sock",
                                     "--plugin", broken_plugin("moody")})) {}
  ~Stranger() {
    if (is_over) return;
    process.signal(SIGKILL);
    process.reap();
  }
  std::string end() {
    is_over = true;
    return process.reap();
  }
  ChildProcess process;
  bool is_over = false;
};

bool has_ended(const ChildProcess& process) {
  pollfd end{process.pidfd(), POLLIN, 0};
  return poll(&end, 1, 0) == 1;
}

int raw_connection(const std::string& path) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  return fd;
}

/// Whether the core has hung up on this connection.
bool is_hung_up(int fd) {
  char byte = 0;
  return recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 0;
}

}  // namespace

TEST_CASE("an external sender is accepted by its name and a second one is refused") {
  PoolRig rig({external("relay")});
  Stranger first(rig, "relay");
  REQUIRE(rig.send_and_wait("relay", {a_message("a")}));
  Stranger second(rig, "relay");
  REQUIRE(rig.wait_until([&] { return has_ended(second.process); }));
  REQUIRE(rig.send_and_wait("relay", {a_message("b")}));
  CHECK(rig.result_of("relay", "b").result == ResultClass::accepted);
  CHECK(rig.status("relay").deaths == 0);
}

TEST_CASE("a sender asked by its own manager to stop drains and is not blamed") {
  PoolRig rig({external("relay")});
  Stranger first(rig, "relay");
  REQUIRE(rig.send_and_wait("relay", {a_message("a")}));
  first.process.signal(SIGTERM);
  REQUIRE(rig.wait_until([&] { return rig.status("relay").problem == "drained"; }));
  CHECK(first.end() == "exited with status 0");
  REQUIRE(rig.wait_until([&] { return !rig.pool->is_ready("relay"); }));
  CHECK(rig.status("relay").deaths == 0);
  Stranger next(rig, "relay");
  REQUIRE(rig.send_and_wait("relay", {a_message("b")}));
  CHECK(rig.result_of("relay", "b").result == ResultClass::accepted);
}

TEST_CASE("a sender ends at once when the core is gone") {
  auto rig = std::make_unique<PoolRig>(std::vector{external("relay")});
  Stranger sender(*rig, "relay");
  REQUIRE(rig->wait_ready("relay"));
  auto hanging = a_message("a");
  hanging.subject = "hang";
  REQUIRE(rig->pool->send("relay", {hanging}));
  rig->io.restart();
  rig->io.poll();
  rig.reset();
  CHECK(sender.end() == "exited with status 0");
}

TEST_CASE("a stranger may not take the place of the core's own child") {
  auto options = PoolRig::notifier("moody", broken_plugin("moody"));
  PoolRig rig({options});
  REQUIRE(rig.wait_ready("moody"));
  const auto pid = rig.status("moody").pid;
  Stranger thief(rig, "moody");
  REQUIRE(rig.wait_until([&] { return has_ended(thief.process); }));
  REQUIRE(rig.send_and_wait("moody", {a_message("a")}));
  CHECK(rig.status("moody").pid == pid);
}

TEST_CASE("bytes that are not a frame and a frame that is no hello are hung up on") {
  PoolRig rig({external("relay")});
  const int noise = raw_connection(rig.folder / "senders.sock");
  REQUIRE(send(noise, "GET / HTTP/1.1\r\n\r\n", 18, MSG_NOSIGNAL) == 18);
  CHECK(rig.wait_until([&] { return is_hung_up(noise); }));
  const int rude = raw_connection(rig.folder / "senders.sock");
  REQUIRE(send(rude, "\0\0\0\0\3\1", 6, MSG_NOSIGNAL) == 6);  // Ready, before any Hello
  CHECK(rig.wait_until([&] { return is_hung_up(rude); }));
  close(noise);
  close(rude);
  CHECK_FALSE(rig.pool->is_ready("relay"));
}

TEST_CASE("a connection that says nothing is hung up on in time") {
  auto options = PoolRig::quick_options();
  options.start_timeout = std::chrono::milliseconds(50);
  PoolRig rig({external("relay")}, options);
  const int silent = raw_connection(rig.folder / "senders.sock");
  CHECK(rig.wait_until([&] { return is_hung_up(silent); }));
  close(silent);
}
