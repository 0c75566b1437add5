// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rappel::api {

inline constexpr int listen_backlog = 512;
/// What sun_path holds, its terminating zero left out.
inline constexpr std::size_t unix_path_bytes_max = 107;

/// "127.0.0.1:8080", "[::1]:8080" or "unix:/run/rappel/api.sock", taken apart.
struct ListenAddress {
  std::string unix_path;  ///< or empty, and then:
  std::string address;    ///< numeric, IPv4 or IPv6
  std::uint16_t port = 0;
};
std::optional<ListenAddress> parse_listen(std::string_view text);

/// A listening socket. Owns it, and the file of a unix socket that it made.
class Listener {
 public:
  /// Binds alone: a second daemon on the same address fails. A unix socket's stale file is removed
  /// only when nobody answers behind it; the new one has mode 0660. Throws std::runtime_error that
  /// names the address and the cause.
  static Listener open(const ListenAddress& where);
  /// Takes over a socket of the service manager, which keeps its file.
  static Listener inherit(int fd);

  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&&) = delete;
  ~Listener();

  [[nodiscard]] int fd() const { return fd_; }
  /// The port really bound, 0 for a unix socket.
  [[nodiscard]] std::uint16_t port() const;
  void close();

 private:
  explicit Listener(int fd, std::string owned_path = {});

  int fd_ = -1;
  std::string owned_path_;
};

}  // namespace rappel::api
