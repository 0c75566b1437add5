// SPDX-License-Identifier: Apache-2.0
#include "notify/connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace rappel::notify {
namespace {

constexpr std::size_t chunk_bytes = 64 * 1024;

}  // namespace

Connection::Connection(Socket socket) : socket_(std::move(socket)), chunk_(chunk_bytes, '\0') {}

ucred Connection::peer() const {
  ucred peer{};
  socklen_t size = sizeof peer;
  auto& socket = const_cast<Socket&>(socket_);
  if (getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
    return {0, uid_t(-1), gid_t(-1)};
  return peer;
}

void Connection::read() {
  socket_.async_read_some(
      boost::asio::buffer(chunk_),
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t size) {
        if (self->is_closed_) return;
        if (error) return self->fail("the sender hung up");
        self->on_read(size);
      });
}

void Connection::on_read(std::size_t size) {
  buffer_.append(chunk_, 0, size);
  std::size_t used = 0;
  while (!is_closed_) {
    auto decoded = frame::decode(std::string_view(buffer_).substr(used));
    if (!decoded) return fail("the sender sent a wrong frame: " + decoded.error().why);
    if (decoded->consumed == 0) break;
    used += decoded->consumed;
    if (events_.on_frame) {
      const auto on_frame = events_.on_frame;  // the handler may replace the events
      on_frame(std::move(decoded->frame));
    }
  }
  if (is_closed_) return;
  buffer_.erase(0, used);
  read();
}

void Connection::write(std::string bytes) {
  if (is_closed_ || is_closing_) return;
  outgoing_.push_back(std::move(bytes));
  if (!is_writing_) write_next();
}

void Connection::write_next() {
  is_writing_ = true;
  boost::asio::async_write(
      socket_, boost::asio::buffer(outgoing_.front()),
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
        if (self->is_closed_) return;
        self->is_writing_ = false;
        self->outgoing_.pop_front();
        // A failed write is noticed by the reader too, after it has read the last answers.
        if (error) return self->outgoing_.clear();
        if (!self->outgoing_.empty()) return self->write_next();
        if (self->is_closing_) self->close();
      });
}

void Connection::close_after_writing() {
  events_ = {};
  is_closing_ = true;
  if (!is_writing_) close();
}

void Connection::close() {
  events_ = {};
  is_closed_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void Connection::fail(const std::string& why) {
  const auto on_closed = std::move(events_.on_closed);
  close();
  if (on_closed) on_closed(why);
}

}  // namespace rappel::notify
