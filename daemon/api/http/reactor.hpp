// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/http/limits.hpp"
#include "api/http/listener.hpp"
#include "api/http/request_reader.hpp"

namespace rappel::api {

/// Owns every connection and waits for all of them at once, so that a slow or silent client costs a
/// few bytes and never a thread. Only whole requests leave it.
/// Thread rule: run() on one thread; answer(), drain() and end() from any.
class Reactor {
 public:
  using ConnectionId = std::uint64_t;
  /// Takes a whole request to wherever it is handled; false when nothing more can be taken.
  /// answer() must follow for each that was taken.
  using Deliver = std::function<bool(ConnectionId, WholeRequest)>;
  /// Told of each refusal, for the metrics.
  using Refused = std::function<void(const Refusal&)>;

  Reactor(const HttpOptions& options, Listener listener, Deliver deliver, Refused refused);
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  void run();
  void answer(ConnectionId id, std::string bytes, bool keep_alive);
  /// Accepts nothing more and closes idle connections; the others end with their answer.
  void drain();
  /// Waits until no connection is left.
  bool wait_until_empty(std::chrono::milliseconds patience);
  void end();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::size_t connections() const { return open_; }
  /// Answers end their connection from now on.
  [[nodiscard]] bool draining() const { return draining_; }

 private:
  struct Connection;
  struct Answer {
    ConnectionId id;
    std::string bytes;
    bool keep_alive;
  };

  void handle(std::uint64_t key, std::uint32_t events);
  void accept_some();
  void add(int fd, std::string peer);
  void shed();
  void take_answers();
  void start_draining();
  void read_some(Connection& connection);
  void advance(Connection& connection);
  void deliver(Connection& connection);
  void refuse(Connection& connection, const Refusal& refusal);
  void send(Connection& connection, std::string bytes, bool keep_alive);
  void flush(Connection& connection);
  void finish_answer(Connection& connection);
  void linger(Connection& connection);
  void account(Connection& connection);
  bool relieve(Connection& connection);
  void wait_for(Connection& connection, std::uint32_t events);
  void close(ConnectionId id);
  void sweep();
  void expire(Connection& connection);
  void signal();

  const HttpOptions& options_;
  Listener listener_;
  Deliver deliver_;
  Refused refused_;
  std::uint16_t port_ = 0;
  std::size_t connections_max_ = 0;
  int epoll_ = -1;
  int wake_ = -1;

  // The reactor's thread only.
  std::unordered_map<ConnectionId, Connection> connections_;
  ConnectionId next_id_;
  std::size_t held_ = 0;  ///< bytes in all readers
  std::chrono::microseconds now_{};
  std::chrono::microseconds next_sweep_{};
  std::string scratch_;

  std::atomic<std::size_t> open_{0};
  std::atomic<bool> draining_{false};
  std::atomic<bool> ended_{false};
  std::mutex mutex_;
  std::condition_variable empty_;
  std::vector<Answer> answers_;  // under mutex_
  bool drain_wanted_ = false;    // under mutex_
};

}  // namespace rappel::api
