// SPDX-License-Identifier: Apache-2.0
#include "api/http/listener.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace rappel::api {
namespace {

[[noreturn]] void fail(const std::string& what, int error) {
  throw std::runtime_error(
      fmt::format("{}: {}", what, std::system_category().message(error)));
}

/// Closes on the way out unless released.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

sockaddr_un unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy_n(path.data(), std::min(path.size(), unix_path_bytes_max), address.sun_path);
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

/// Removes the file of a socket behind which nobody listens any more.
void remove_stale(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return;
  if (!S_ISSOCK(info.st_mode)) fail(path + " is in the way and is not a socket", EEXIST);
  const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto address = unix_address(path);
  const int answer = ::connect(probe.get(), generic(address), sizeof address);
  if (answer == 0 || errno != ECONNREFUSED) fail("another program listens on " + path, EADDRINUSE);
  ::unlink(path.c_str());
}

int open_unix(const std::string& path) {
  remove_stale(path);
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto address = unix_address(path);
  if (::bind(socket.get(), generic(address), sizeof address) != 0)
    fail("cannot bind " + path, errno);
  if (::chmod(path.c_str(), 0660) != 0 || ::listen(socket.get(), listen_backlog) != 0)
    fail("cannot listen on " + path, errno);
  return socket.release();
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

int open_tcp(const ListenAddress& where) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const auto port = std::to_string(where.port);
  if (const int error = ::getaddrinfo(where.address.c_str(), port.c_str(), &hints, &found))
    throw std::runtime_error(fmt::format("cannot listen on {}: {}", where.address,
                                         ::gai_strerror(error)));
  const std::unique_ptr<addrinfo, FreeAddresses> owned(found);
  Descriptor socket(
      ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // SO_REUSEADDR lets a restart bind while old connections linger; SO_REUSEPORT, which would let two
  // daemons share the port in silence, stays off.
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      ::listen(socket.get(), listen_backlog) != 0)
    fail(fmt::format("cannot listen on {}:{}", where.address, where.port), errno);
  return socket.release();
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

bool is_numeric_address(const std::string& text) {
  in6_addr buffer{};
  return ::inet_pton(AF_INET, text.c_str(), &buffer) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), &buffer) == 1;
}

}  // namespace

std::optional<ListenAddress> parse_listen(std::string_view text) {
  ListenAddress where;
  if (text.substr(0, 5) == "unix:") {
    where.unix_path = std::string(text.substr(5));
    const bool fits = where.unix_path.size() <= unix_path_bytes_max;
    return fits && where.unix_path.substr(0, 1) == "/" ? std::optional(where) : std::nullopt;
  }
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto address = text.substr(0, colon);
  if (address.size() > 2 && address.front() == '[' && address.back() == ']')
    address = address.substr(1, address.size() - 2);
  where.address = std::string(address);
  const auto port = parse_port(text.substr(colon + 1));
  if (!port || !is_numeric_address(where.address)) return std::nullopt;
  where.port = *port;
  return where;
}

Listener::Listener(int fd, std::string owned_path) : fd_(fd), owned_path_(std::move(owned_path)) {}

Listener Listener::open(const ListenAddress& where) {
  if (where.unix_path.empty()) return Listener(open_tcp(where));
  return Listener(open_unix(where.unix_path), where.unix_path);
}

Listener Listener::inherit(int fd) {
  int listens = 0;
  socklen_t length = sizeof listens;
  if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) != 0 || listens == 0)
    throw std::runtime_error(fmt::format("descriptor {} is not a listening socket", fd));
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  return Listener(fd);
}

Listener::Listener(Listener&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), owned_path_(std::exchange(other.owned_path_, {})) {}

Listener::~Listener() { close(); }

void Listener::close() {
  if (fd_ < 0) return;
  ::close(std::exchange(fd_, -1));
  if (!owned_path_.empty()) ::unlink(owned_path_.c_str());
}

std::uint16_t Listener::port() const {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  if (address.ss_family == AF_INET)
    return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
  if (address.ss_family == AF_INET6)
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
  return 0;
}

}  // namespace rappel::api
