// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "notify/frame.hpp"

namespace rappel::notify {

/// One socket to a sender: frames in, bytes out, without blocking. Loop thread only. Internal to
/// the module: it shows Asio.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::local::stream_protocol::socket;
  struct Events {
    std::function<void(frame::Frame)> on_frame;
    std::function<void(const std::string& why)> on_closed;  ///< at most once
  };

  explicit Connection(Socket socket);

  /// Who is at the other end, as the kernel says.
  [[nodiscard]] ucred peer() const;
  void set_events(Events events) { events_ = std::move(events); }
  void start() { read(); }
  void write(std::string bytes);
  /// Writes what is queued, then hangs up; no event any more.
  void close_after_writing();
  /// Hangs up; no event any more.
  void close();

 private:
  void read();
  void on_read(std::size_t size);
  void write_next();
  void fail(const std::string& why);

  Socket socket_;
  Events events_;
  std::string chunk_;
  std::string buffer_;
  std::deque<std::string> outgoing_;
  bool is_writing_ = false;
  bool is_closing_ = false;
  bool is_closed_ = false;
};

}  // namespace rappel::notify
