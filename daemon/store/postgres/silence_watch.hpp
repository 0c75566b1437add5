// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <thread>

namespace rappel::store::postgres {

/// Ends waits for a server that says nothing any more. libpq waits for an answer without limit; the
/// server's statement_timeout is of no use when its answer does not arrive, and TCP notices nothing
/// while the other end's kernel, a pooler or a firewall still acknowledges.
///
///   const auto wait = watch.begin(socket);   // until `wait` goes: `limit` at most
///   PQexec(...)                              // fails as with a broken connection
///
/// Any thread. A socket is only shut down, never closed, and only while its wait lasts, so that its
/// number cannot be another's by then.
class SilenceWatch {
 public:
  /// A wait ends between `limit` and `limit` + this.
  static constexpr std::chrono::milliseconds look_interval{500};

  class Wait {
   public:
    Wait(SilenceWatch& watch, std::uint64_t number) : watch_(watch), number_(number) {}
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;
    ~Wait() { watch_.end(number_); }

   private:
    SilenceWatch& watch_;
    std::uint64_t number_;
  };

  explicit SilenceWatch(std::chrono::milliseconds limit);
  ~SilenceWatch();

  /// One more wait, for what the socket will say. The socket stays open while it lasts.
  [[nodiscard]] Wait begin(int socket);

 private:
  struct Waiting {
    int socket;
    std::chrono::microseconds until;
  };

  void end(std::uint64_t number);
  void look();

  const std::chrono::milliseconds limit_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, Waiting> waits_;  ///< the limit is one, so they are in the order of their ends
  std::thread thread_;
};

}  // namespace rappel::store::postgres
