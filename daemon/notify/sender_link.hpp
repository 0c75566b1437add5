// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "notify/message.hpp"

namespace boost::asio {
class io_context;
}

namespace rappel::notify {

enum class Managed {
  child,    ///< the pool starts, watches and restarts the sender
  external  ///< somebody else does (systemd's rappel-sender@NAME.service)
};

/// One configured notifier.
struct NotifierOptions {
  std::string name;
  Channel channel = Channel::email;
  Managed managed = Managed::child;
  std::string plugin_path;         ///< of a managed sender's plugin
  std::string config_json = "{}";  ///< the plugin's own; checked by the sender against its schema
  std::string credential_path;     ///< of a managed sender; empty: none
  std::size_t window_max = 512;    ///< messages accepted and not yet answered
  /// A message handed to the sender and not answered for so long: the sender hangs and is killed.
  std::chrono::milliseconds send_timeout{30'000};
};

struct PoolOptions {
  std::string socket_path;              ///< made by start(), mode 0660; a stale one is replaced
  std::string sender_program;           ///< path of rappel-sender
  std::vector<uid_t> allowed_uids;      ///< of external senders, besides our own and root
  std::chrono::milliseconds tick{100};  ///< resolution of every wait below
  std::chrono::milliseconds start_timeout{15'000};  ///< from start or connection to ready
  std::chrono::milliseconds ping_interval{5'000};
  std::chrono::milliseconds ping_timeout{10'000};  ///< a sender silent for so long is killed
  std::chrono::milliseconds backoff_min{200};      ///< first wait before a restart, then doubled
  std::chrono::milliseconds backoff_max{30'000};
};

/// What an operator sees of one notifier.
struct NotifierStatus {
  std::string name;
  bool is_ready = false;
  pid_t pid = 0;
  std::size_t waiting = 0;  ///< accepted, not yet in the sender's hands
  std::size_t in_hand = 0;
  std::uint64_t deaths = 0;
  std::string plugin;   ///< "email 0.1.0", once it said hello
  std::string problem;  ///< why its last sender ended, or could not start
};

/// The core's end of every sender process: one listening unix socket, one sender per notifier.
///
/// Thread rule: everything, the callbacks included, on the thread that runs the io_context; that
/// thread must live as long as the pool (the kernel ties the children to it).
///
/// Promises:
///  - Every message that send() accepted comes back exactly once through on_results, never from
///    inside send(). on_results may call send().
///  - The link never sends a message twice. When a sender dies or hangs, what was in its hands
///  comes
///    back `unknown`; what waited stays, and goes to the next sender. Waiting longer than
///    send_timeout without a sender comes back as `provider_down`: nothing left.
///  - A message in hand at a death is, when dispatch sends that delivery again, handed over alone.
///  In
///    hand at a third death it comes back `rejected`, "parked: killed its sender three times".
///  - A second sender with the name of a living one is refused; a managed notifier accepts only its
///    own child.
///
///   SenderPool pool(io, options, notifiers, {.on_results = record, .on_state = note});
///   pool.start();
///   if (const auto room = pool.room("mail")) pool.send("mail", claim_at_most(room));
class SenderPool {
 public:
  struct Callbacks {
    std::function<void(const std::string& name, std::vector<SendResult> results)> on_results;
    /// Answers to query(); one for each question, `unknown` when the provider could not be asked.
    std::function<void(const std::string& name, std::vector<SendResult> answers)> on_answers;
    std::function<void(const std::string& name, bool is_ready)> on_state;
  };
  static constexpr std::size_t queries_max = 1024;  ///< unanswered questions per notifier

  SenderPool(boost::asio::io_context& io, PoolOptions options,
             std::vector<NotifierOptions> notifiers, Callbacks callbacks);
  /// Kills what still runs; call stop() first for a good end.
  ~SenderPool();
  SenderPool(const SenderPool&) = delete;
  SenderPool& operator=(const SenderPool&) = delete;

  /// Listens and starts the managed senders. Throws std::system_error when the socket cannot be
  /// made.
  void start();

  /// Whether the sender of `name` is ready to work. False for an unknown name.
  [[nodiscard]] bool is_ready(std::string_view name) const;
  /// Whether the plugin of `name` can ask its provider; known once its sender said hello.
  [[nodiscard]] bool can_query(std::string_view name) const;
  /// How many messages send() would accept now: 0 when the window is full, the sender is not ready,
  /// or the name is unknown.
  [[nodiscard]] std::size_t room(std::string_view name) const;
  /// Takes all messages or none: `not_found` for an unknown name, `unavailable` when not ready,
  /// `too_many` beyond room(). A message too heavy for the link comes back `rejected`.
  Expected<void> send(std::string_view name, std::vector<OutgoingMessage> messages);
  /// Asks the provider about earlier messages; refusals as for send().
  Expected<void> query(std::string_view name, std::vector<StatusQuery> questions);

  [[nodiscard]] std::vector<NotifierStatus> status() const;

  /// Accepts nothing more; what waits comes back `try_later`; senders finish what is in hand within
  /// `grace`, then are ended, their rest coming back `unknown`; then `stopped` is called, once.
  void stop(std::chrono::milliseconds grace, std::function<void()> stopped);

 private:
  class State;
  std::shared_ptr<State> state_;  // second owner: the handlers in flight on the loop
};

}  // namespace rappel::notify
