// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace rappel::api::tests {

struct WireResponse {
  int status = 0;  ///< 0: the connection was closed without a response
  std::map<std::string, std::string> headers;
  std::string body;
};

/// A client that sends whatever bytes it is told, as a hostile one would. Reading waits for the
/// socket, `patience` at most.
class Wire {
 public:
  explicit Wire(std::uint16_t port, int patience_seconds = 5)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{patience_seconds, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("cannot connect");
  }
  Wire(Wire&& other) noexcept : fd_(std::exchange(other.fd_, -1)), rest_(std::move(other.rest_)) {}
  Wire& operator=(Wire&&) = delete;
  ~Wire() { ::close(fd_); }

  /// How many bytes the server took before it closed, or all of them.
  std::size_t send(std::string_view bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
      const auto count = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) break;
      sent += std::size_t(count);
    }
    return sent;
  }

  /// The next response; its body as long as Content-Length says.
  WireResponse receive(bool with_body = true) {
    WireResponse response;
    std::size_t end = std::string::npos;
    while ((end = rest_.find("\r\n\r\n")) == std::string::npos)
      if (!read_more()) return response;
    read_head(rest_.substr(0, end + 2), response);
    rest_.erase(0, end + 4);
    const auto length = response.headers.find("content-length");
    const auto wanted =
        with_body && length != response.headers.end() ? std::stoul(length->second) : 0;
    while (rest_.size() < wanted)
      if (!read_more()) return response;
    response.body = rest_.substr(0, wanted);
    rest_.erase(0, wanted);
    return response;
  }

  WireResponse ask(std::string_view bytes) {
    send(bytes);
    return receive();
  }

  /// True when the server has closed and nothing more comes.
  bool at_end() {
    while (read_more()) {
    }
    return rest_.empty() && closed_;
  }
  void half_close() { ::shutdown(fd_, SHUT_WR); }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  bool read_more() {
    char buffer[8192];
    const auto count = ::recv(fd_, buffer, sizeof buffer, 0);
    if (count > 0) rest_.append(buffer, std::size_t(count));
    closed_ = closed_ || count == 0 || (count < 0 && errno == ECONNRESET);
    return count > 0;
  }

  static void read_head(const std::string& head, WireResponse& response) {
    response.status = std::stoi(head.substr(9, 3));
    std::size_t at = head.find("\r\n") + 2;
    while (at < head.size()) {
      const auto end = head.find("\r\n", at);
      const auto colon = head.find(':', at);
      std::string name = head.substr(at, colon - at);
      for (char& c : name) c = char(std::tolower(c));
      response.headers[name] = head.substr(colon + 2, end - colon - 2);
      at = end + 2;
    }
  }

  int fd_;
  std::string rest_;
  bool closed_ = false;
};

}  // namespace rappel::api::tests
