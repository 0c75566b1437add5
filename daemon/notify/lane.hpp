// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "notify/child_process.hpp"
#include "notify/connection.hpp"
#include "notify/ledger.hpp"
#include "notify/sender_link.hpp"

namespace rappel::notify {

/// One notifier of the pool: its sender's life, and its messages' ledger. Loop thread only.
/// Internal to the module.
///   idle → starting (child started, or waiting for an external one) → greeted (hello read,
///   configuration sent) → ready → draining; a death leads back to idle, then starting after a
///   wait.
class Lane : public std::enable_shared_from_this<Lane> {
 public:
  Lane(boost::asio::io_context& io, const PoolOptions& pool, NotifierOptions options,
       const SenderPool::Callbacks& callbacks);
  ~Lane();

  [[nodiscard]] const std::string& name() const { return options_.name; }
  [[nodiscard]] bool is_ready() const { return phase_ == Phase::ready; }
  [[nodiscard]] bool can_query() const { return can_query_; }
  [[nodiscard]] std::size_t room() const { return is_ready() ? ledger_.room() : 0; }
  [[nodiscard]] NotifierStatus status() const;

  void start();
  void tick(Tick now);
  Expected<void> send(std::vector<OutgoingMessage> messages);
  Expected<void> query(std::vector<StatusQuery> questions);

  /// Why a newcomer who says this hello may not be our sender; empty: it may.
  [[nodiscard]] std::string refusal(const frame::Hello& hello, const ucred& peer) const;
  void adopt(std::shared_ptr<Connection> connection, frame::Hello hello);

  void drain();
  void end(int signal);
  /// No sender is left.
  [[nodiscard]] bool is_stopped() const { return !child_ && !connection_; }

 private:
  enum class Phase { idle, starting, greeted, ready, draining };
  using Key = std::pair<DeliveryId, std::uint32_t>;

  void start_child();
  void watch_child();
  void child_ended();
  void set_phase(Phase phase);
  void plan_restart();
  void sender_lost(const std::string& why);
  void explain(const std::string& why);
  void kill(const std::string& why);
  void pump();
  void pump_soon();
  void report(std::vector<SendResult> results);
  void report_answers(std::vector<SendResult> answers);
  void give_up_queries(Tick oldest, const char* detail);
  void watch_over();

  void on(frame::Ready& ready);
  void on(frame::Results& results);
  void on(frame::Answers& answers);
  void on(frame::Pong& pong);
  void on(frame::Log& log);
  void on(frame::Drain& drain);
  void on(frame::Bye& bye);
  template <typename Other>
  void on(Other&);

  [[nodiscard]] Tick ticks(std::chrono::milliseconds time) const;
  [[nodiscard]] Tick before(std::chrono::milliseconds age) const;

  boost::asio::io_context& io_;
  const PoolOptions& pool_;
  NotifierOptions options_;
  const SenderPool::Callbacks& callbacks_;
  Ledger ledger_;
  std::map<Key, Tick> asked_;
  Phase phase_ = Phase::idle;
  std::shared_ptr<Connection> connection_;  // second owner: its own handlers in flight
  std::optional<ChildProcess> child_;
  pid_t child_pid_ = -1;  ///< of the last child, living or not
  std::optional<boost::asio::posix::stream_descriptor> child_end_;
  Tick now_ = 0;
  Tick phase_since_ = 0;
  Tick restart_at_ = 0;
  Tick last_pong_ = 0;
  std::uint64_t ping_number_ = 0;
  std::chrono::milliseconds backoff_;
  int log_lines_ = 0;
  bool is_pumping_ = false;
  bool is_stopping_ = false;
  bool said_bye_ = false;
  bool is_explained_ = false;  ///< problem_ says more than how the process ended
  bool can_query_ = false;
  std::uint64_t deaths_ = 0;
  std::string plugin_;
  std::string problem_;
};

}  // namespace rappel::notify
