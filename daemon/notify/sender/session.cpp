// SPDX-License-Identifier: Apache-2.0
#include "notify/sender/session.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include "base/log.hpp"
#include "notify/config_schema.hpp"

namespace rappel::notify::sender {
namespace {

constexpr int status_refused = 2;
constexpr unsigned drain_seconds_max = 30;
constexpr time_t write_seconds_max = 30;
constexpr int drain_poll_ms = 20;
constexpr std::size_t read_bytes = 64 * 1024;

[[noreturn]] void end_at_once(int status) {
  _exit(status);
}

int block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

std::string join(const std::vector<Problem>& problems) {
  std::string text;
  for (const auto& problem : problems) text += (text.empty() ? "" : "; ") + to_string(problem);
  return text;
}

}  // namespace

Session::Session(Options options) : options_(std::move(options)), signals_(block_signals()) {
  sd_watchdog_enabled(0, &watchdog_us_);
}

Session::~Session() {
  if (socket_ >= 0) close(socket_);
  if (signals_ >= 0) close(signals_);
}

int Session::run() {
  connect();
  greet();
  if (!library_) return status_refused;
  loop();
  worker_.reset();
  instance_.reset();
  return status_;
}

void Session::connect() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (options_.socket_path.size() >= sizeof address.sun_path)
    throw std::runtime_error("the socket's path is too long: " + options_.socket_path);
  std::memcpy(address.sun_path, options_.socket_path.data(), options_.socket_path.size());
  socket_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{write_seconds_max, 0};
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::system_error(errno, std::generic_category(),
                            "cannot reach the core at " + options_.socket_path);
}

void Session::greet() {
  frame::Hello hello;
  hello.name = options_.name;
  auto library = PluginLibrary::open(options_.plugin_path);
  if (library) {
    const auto& table = library->table();
    hello.plugin = table.name;
    hello.plugin_version = table.version;
    hello.channels = table.channels;
    hello.config_schema = table.config_schema;
    hello.can_query = table.query != nullptr;
    library_.emplace(std::move(*library));
  } else {
    hello.problem = to_string(library.error());
    log::error("RPL-5101", "{}", hello.problem);
  }
  write_all(frame::encode(std::move(hello)));
}

int Session::poll_timeout_ms() const {
  if (is_draining_) return drain_poll_ms;
  return watchdog_us_ == 0 ? -1 : int(watchdog_us_ / 3000);
}

void Session::loop() {
  while (!is_over_) {
    std::array<pollfd, 3> interests{pollfd{socket_, POLLIN, 0}, pollfd{outbox_.fd(), POLLIN, 0},
                                    pollfd{signals_, POLLIN, 0}};
    if (poll(interests.data(), interests.size(), poll_timeout_ms()) < 0 && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "poll");
    if (watchdog_us_ != 0) sd_notify(0, "WATCHDOG=1");
    if (interests[1].revents != 0) flush();
    if (interests[2].revents != 0) on_signal();
    if (interests[0].revents != 0) read_some();
    if (is_draining_ && !is_over_) end_if_drained();
  }
}

void Session::read_some() {
  std::array<char, read_bytes> chunk;
  const auto size = read(socket_, chunk.data(), chunk.size());
  if (size < 0 && errno == EINTR) return;
  if (size <= 0) end_at_once(0);
  buffer_.append(chunk.data(), std::size_t(size));
  std::size_t used = 0;
  while (!is_over_) {
    auto decoded = frame::decode(std::string_view(buffer_).substr(used));
    if (!decoded) throw std::runtime_error("the core sent a wrong frame: " + decoded.error().why);
    if (decoded->consumed == 0) break;
    used += decoded->consumed;
    std::visit([this](auto& kind) { on(kind); }, decoded->frame);
  }
  buffer_.erase(0, used);
}

void Session::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto size = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) end_at_once(0);  // the core is gone, or has not read for too long
    bytes.remove_prefix(std::size_t(size));
  }
}

void Session::on_signal() {
  signalfd_siginfo unused{};
  [[maybe_unused]] const auto size = read(signals_, &unused, sizeof unused);
  sd_notify(0, "STOPPING=1");
  alarm(drain_seconds_max);  // its default action ends the process, whatever the plugin does
  write_all(frame::encode(frame::Drain{}));
}

void Session::end_if_drained() {
  if (worker_ && !worker_->is_idle()) return;
  flush();
  say_bye("drained");
}

void Session::say_bye(const std::string& reason) {
  write_all(frame::encode(frame::Bye{reason}));
  is_over_ = true;
}

void Session::on(frame::Config& config) {
  if (instance_) throw std::runtime_error("the core sent a second configuration");
  auto refuse_config = [this](const std::string& why) {
    log::error("RPL-5102", "notifier {}: {}", options_.name, why);
    status_ = status_refused;
    say_bye(why);
  };
  if (!library_->serves(to_string(config.channel)))
    return refuse_config(fmt::format("the plugin serves `{}`, not `{}`", library_->table().channels,
                                     to_string(config.channel)));
  if (const auto checked = check_config(config.config_json, library_->table().config_schema);
      !checked)
    return refuse_config("the configuration is refused: " + join(checked.error()));
  auto instance = Instance::create(
      *library_, options_.name, config, options_.credential,
      {[this](SendResult result, bool is_query) { outbox_.put(std::move(result), is_query); },
       [this](int level, std::string text) {
         outbox_.put(frame::Log{std::uint8_t(level), std::move(text)});
       }});
  options_.credential = Secret{};
  if (!instance) return refuse_config(instance.error().detail);
  instance_ = std::move(*instance);
  worker_ = std::make_unique<Worker>(*instance_);
  write_all(frame::encode(frame::Ready{}));
  sd_notify(0, "READY=1");
}

void Session::on(frame::Send& send) {
  if (!worker_ || !worker_->put(std::move(send.messages)))
    throw std::runtime_error("the core sent messages that cannot be held");
}

void Session::on(frame::Ask& ask) {
  if (!worker_ || !worker_->put(std::move(ask.queries)))
    throw std::runtime_error("the core sent queries that cannot be held");
}

void Session::on(frame::Ping& ping) {
  write_all(frame::encode(frame::Pong{ping.number}));
}

void Session::on(frame::Drain&) {
  alarm(drain_seconds_max);
  is_draining_ = true;
}

void Session::on(frame::Bye& bye) {
  log::notice("RPL-5103", "notifier {}: the core says goodbye: {}", options_.name, bye.reason);
  end_at_once(status_);
}

template <typename Other>
void Session::on(Other&) {
  throw std::runtime_error("the core sent a frame that only a sender sends");
}

}  // namespace rappel::notify::sender
