// SPDX-License-Identifier: Apache-2.0
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "base/log.hpp"
#include "notify/sender/session.hpp"

namespace {

constexpr const char* help =
    "rappel-sender: drives one notifier for rappeld\n"
    "\n"
    "  rappel-sender --name NAME --connect SOCKET --plugin PATH [--credential FILE] [--parent "
    "PID]\n"
    "\n"
    "  --name NAME         the notifier, as named in the core's configuration\n"
    "  --connect SOCKET    the core's unix socket for senders\n"
    "  --plugin PATH       the notifier's shared library\n"
    "  --credential FILE   the provider's secret; by default $CREDENTIALS_DIRECTORY/provider,\n"
    "                      when it exists\n"
    "  --parent PID        end when this parent process does (set by rappeld for its children)\n"
    "\n"
    "rappeld starts its senders itself; under systemd each is a rappel-sender@NAME.service.\n"
    "Exit status: 0 drained or core gone, 1 failure, 2 wrong usage, plugin or configuration.\n";

constexpr int status_usage = 2;

struct Arguments {
  rappel::notify::sender::Options options;
  std::string credential_path;
  long parent = 0;
  std::string problem;
};

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; i += 2) {
    const std::string key = argv[i];
    const char* value = i + 1 < argc ? argv[i + 1] : nullptr;
    if (value == nullptr)
      arguments.problem = "no value after " + key;
    else if (key == "--name")
      arguments.options.name = value;
    else if (key == "--connect")
      arguments.options.socket_path = value;
    else if (key == "--plugin")
      arguments.options.plugin_path = value;
    else if (key == "--credential")
      arguments.credential_path = value;
    else if (key == "--parent")
      arguments.parent = std::strtol(value, nullptr, 10);
    else
      arguments.problem = "unknown option " + key;
  }
  const auto& options = arguments.options;
  if (arguments.problem.empty() &&
      (options.name.empty() || options.socket_path.empty() || options.plugin_path.empty()))
    arguments.problem = "--name, --connect and --plugin are needed";
  return arguments;
}

rappel::Secret read_credential(std::string path) {
  if (path.empty()) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder != nullptr) path = std::string(folder) + "/provider";
    if (path.empty() || access(path.c_str(), F_OK) != 0) return {};
  }
  return rappel::Secret::from_file(path);
}

/// The kernel ends us with our parent; the check closes the gap before the call.
void follow(long parent) {
  if (parent == 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string(argv[1]) == "--help") {
    std::fputs(help, stdout);
    return 0;
  }
  auto arguments = parse(argc, argv);
  if (!arguments.problem.empty()) {
    std::fprintf(stderr, "rappel-sender: %s\n\n%s", arguments.problem.c_str(), help);
    return status_usage;
  }
  follow(arguments.parent);
  try {
    arguments.options.credential = read_credential(arguments.credential_path);
    return rappel::notify::sender::Session{std::move(arguments.options)}.run();
  } catch (const std::exception& failure) {
    rappel::log::error("RPL-5100", "{}", failure.what());
    return 1;
  }
}
