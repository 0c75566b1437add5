// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/secret.hpp"
#include "notify/sender/instance.hpp"
#include "notify/sender/outbox.hpp"
#include "notify/sender/worker.hpp"

namespace rappel::notify::sender {

struct Options {
  std::string name;         ///< of the configured notifier
  std::string socket_path;  ///< the core's
  std::string plugin_path;
  Secret credential;
};

/// The conversation with the core, on one thread: frames in, answers out, pings answered, systemd's
/// watchdog fed. Ends the process at once, without tidying, when the core hangs up: whoever answers
/// for the messages in hand is no longer this process.
class Session {
 public:
  explicit Session(Options options);
  ~Session();

  /// Runs until drained or refused; the process's exit status. Throws std::runtime_error when the
  /// core cannot be reached.
  int run();

 private:
  void connect();
  void greet();
  bool load();
  void loop();
  void read_some();
  void write_all(std::string_view bytes);
  void flush() { write_all(outbox_.take()); }
  void on_signal();
  void end_if_drained();
  void say_bye(const std::string& reason);
  [[nodiscard]] int poll_timeout_ms() const;

  void on(frame::Config& config);
  void on(frame::Send& send);
  void on(frame::Ask& ask);
  void on(frame::Ping& ping);
  void on(frame::Drain& drain);
  void on(frame::Bye& bye);
  template <typename Other>
  void on(Other&);

  Options options_;
  std::optional<PluginLibrary> library_;
  Outbox outbox_;
  std::unique_ptr<Instance> instance_;
  std::unique_ptr<Worker> worker_;  // after instance_: its thread ends first
  std::string buffer_;
  int socket_ = -1;
  int signals_ = -1;
  bool is_draining_ = false;
  bool is_over_ = false;
  int status_ = 0;
  std::uint64_t watchdog_us_ = 0;
};

}  // namespace rappel::notify::sender
