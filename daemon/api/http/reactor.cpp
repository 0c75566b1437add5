// SPDX-License-Identifier: Apache-2.0
#include "api/http/reactor.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

#include "api/http/exchange.hpp"
#include "api/http/peer.hpp"
#include "base/ensure.hpp"
#include "base/id.hpp"
#include "base/steady.hpp"

namespace rappel::api {
namespace {

using std::chrono::microseconds;

constexpr std::uint64_t listener_key = 0;
constexpr std::uint64_t wake_key = 1;
constexpr std::uint64_t first_connection_key = 2;
constexpr std::size_t read_bytes = 64 * 1024;
constexpr int accepts_per_turn = 64;
constexpr int events_per_turn = 128;
constexpr std::chrono::milliseconds sweep_interval{50};
/// Descriptors left to the rest of the daemon: database, senders, files.
constexpr std::size_t descriptors_reserved = 128;

/// What the limit of the process leaves for connections.
std::size_t connections_possible(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return wanted;
  const std::size_t possible = limit.rlim_cur;
  return std::min(wanted, possible > 2 * descriptors_reserved ? possible - descriptors_reserved
                                                              : descriptors_reserved);
}

void watch(int epoll, int fd, std::uint32_t events, std::uint64_t key, int operation) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = key;
  ::epoll_ctl(epoll, operation, fd, &event);
}

}  // namespace

/// reading → handled → writing → reading …, or writing → lingering after the last answer.
struct Reactor::Connection {
  enum class State { reading, handled, writing, lingering };

  Connection(ConnectionId id_, int fd_, std::string peer_, const HttpOptions& options)
      : id(id_), fd(fd_), peer(std::move(peer_)), reader(options) {}

  ConnectionId id;
  int fd;
  std::string peer;
  State state = State::reading;
  RequestReader reader;
  std::size_t held = 0;  ///< what the reader held at the last account
  std::string out;
  std::size_t sent = 0;
  bool keep_alive = true;
  bool gone = false;  ///< the peer hung up while its request is handled
  std::size_t requests = 0;
  std::size_t discarded = 0;
  std::uint32_t events = EPOLLIN;
  microseconds deadline{};
};

Reactor::Reactor(const HttpOptions& options, Listener listener, Deliver deliver, Refused refused)
    : options_(options),
      listener_(std::move(listener)),
      deliver_(std::move(deliver)),
      refused_(std::move(refused)),
      port_(listener_.port()),
      connections_max_(connections_possible(options.connections_max)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      next_id_(first_connection_key),
      scratch_(read_bytes, '\0') {
  if (epoll_ < 0 || wake_ < 0) throw std::runtime_error("no descriptor left for the HTTP server");
  watch(epoll_, listener_.fd(), EPOLLIN, listener_key, EPOLL_CTL_ADD);
  watch(epoll_, wake_, EPOLLIN, wake_key, EPOLL_CTL_ADD);
}

Reactor::~Reactor() {
  for (auto& [id, connection] : connections_) ::close(connection.fd);
  ::close(wake_);
  ::close(epoll_);
}

void Reactor::run() {
  std::array<epoll_event, events_per_turn> events;
  while (!ended_) {
    const int timeout = connections_.empty() ? -1 : int(sweep_interval.count());
    const int count = ::epoll_wait(epoll_, events.data(), events_per_turn, timeout);
    now_ = steady_now();
    for (int i = 0; i < count; ++i) handle(events[i].data.u64, events[i].events);
    if (now_ >= next_sweep_) sweep();
  }
}

void Reactor::handle(std::uint64_t key, std::uint32_t events) {
  if (key == listener_key) return accept_some();
  if (key == wake_key) return take_answers();
  const auto found = connections_.find(key);
  if (found == connections_.end()) return;
  auto& connection = found->second;
  if (connection.state == Connection::State::handled) {
    // Its answer finds nobody: stop watching, or the hang-up would be reported for ever.
    connection.gone = true;
    watch(epoll_, connection.fd, 0, key, EPOLL_CTL_DEL);
  } else if (events & EPOLLERR) {
    close(key);
  } else if (connection.state == Connection::State::writing) {
    flush(connection);
  } else {
    read_some(connection);
  }
}

void Reactor::accept_some() {
  for (int i = 0; i < accepts_per_turn; ++i) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    const int fd = ::accept4(listener_.fd(), reinterpret_cast<sockaddr*>(&address), &length,
                             SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      add(fd, peer_name(address));
    } else if (errno == EMFILE || errno == ENFILE) {
      return shed();
    } else if (errno != ECONNABORTED && errno != EINTR) {
      return;
    }
  }
}

void Reactor::add(int fd, std::string peer) {
  if (connections_.size() >= connections_max_) shed();
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const auto id = next_id_++;
  const auto added = connections_.try_emplace(id, id, fd, std::move(peer), options_);
  added.first->second.deadline = now_ + options_.request_time;
  watch(epoll_, fd, EPOLLIN, id, EPOLL_CTL_ADD);
  open_ = connections_.size();
}

/// Makes room: the connection that has waited longest without a whole request goes.
void Reactor::shed() {
  auto oldest = connections_.end();
  for (auto i = connections_.begin(); i != connections_.end(); ++i) {
    if (i->second.state != Connection::State::reading &&
        i->second.state != Connection::State::lingering)
      continue;
    if (oldest == connections_.end() || i->second.deadline < oldest->second.deadline) oldest = i;
  }
  if (oldest != connections_.end()) close(oldest->first);
}

void Reactor::read_some(Connection& connection) {
  const auto count = ::recv(connection.fd, scratch_.data(), scratch_.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) return close(connection.id);
  if (connection.state == Connection::State::lingering) {
    connection.discarded += std::size_t(count);
    if (connection.discarded > options_.linger_bytes_max) close(connection.id);
    return;
  }
  if (!connection.reader.begun() && connection.requests > 0)
    connection.deadline = now_ + options_.request_time;
  connection.reader.append({scratch_.data(), std::size_t(count)});
  advance(connection);
}

void Reactor::advance(Connection& connection) {
  const auto step = connection.reader.advance();
  account(connection);
  if (!relieve(connection))
    return refuse(connection, {503, "busy", "too much is being received", {{"Retry-After", "1"}}, {}});
  switch (step) {
    case RequestReader::Step::more:
      return wait_for(connection, EPOLLIN);
    case RequestReader::Step::go_ahead: {
      constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
      // Too small to fill a socket's buffer; should it not leave, the client sends anyway.
      [[maybe_unused]] const auto sent =
          ::send(connection.fd, text.data(), text.size(), MSG_NOSIGNAL);
      return wait_for(connection, EPOLLIN);
    }
    case RequestReader::Step::whole:
      return deliver(connection);
    case RequestReader::Step::refused:
      return refuse(connection, Refusal(connection.reader.refusal()));
  }
}

void Reactor::deliver(Connection& connection) {
  auto whole = connection.reader.take();
  account(connection);
  whole.request.peer = connection.peer;
  whole.request.id = format_uuid(random_uuid());
  if (++connection.requests >= options_.requests_per_connection_max || draining_)
    whole.keep_alive = false;
  connection.state = Connection::State::handled;
  wait_for(connection, 0);
  if (!deliver_(connection.id, std::move(whole)))
    refuse(connection, {503, "busy", "too many requests wait", {{"Retry-After", "1"}}, {}});
}

void Reactor::account(Connection& connection) {
  held_ += connection.reader.held() - connection.held;
  connection.held = connection.reader.held();
}

/// Keeps the sum of what unfinished requests hold under its limit: the largest pays. False when that
/// is the connection itself.
bool Reactor::relieve(Connection& connection) {
  while (held_ > options_.buffered_bytes_max) {
    auto* largest = &connection;
    for (auto& [id, other] : connections_)
      if (other.state == Connection::State::reading && other.held > largest->held)
        largest = &other;
    if (largest == &connection) return false;
    close(largest->id);
  }
  return true;
}

void Reactor::refuse(Connection& connection, const Refusal& refusal) {
  refused_(refusal);
  connection.reader.forget();
  account(connection);
  send(connection, refusal_bytes(refusal, format_uuid(random_uuid())), false);
}

void Reactor::send(Connection& connection, std::string bytes, bool keep_alive) {
  connection.out = std::move(bytes);
  connection.sent = 0;
  connection.keep_alive = keep_alive && !draining_;
  connection.state = Connection::State::writing;
  connection.deadline = now_ + options_.response_time;
  flush(connection);
}

void Reactor::flush(Connection& connection) {
  while (connection.sent < connection.out.size()) {
    const auto count = ::send(connection.fd, connection.out.data() + connection.sent,
                              connection.out.size() - connection.sent, MSG_NOSIGNAL);
    if (count >= 0) {
      connection.sent += std::size_t(count);
    } else if (errno == EAGAIN) {
      return wait_for(connection, EPOLLOUT);
    } else if (errno != EINTR) {
      return close(connection.id);
    }
  }
  finish_answer(connection);
}

void Reactor::finish_answer(Connection& connection) {
  connection.out = {};
  if (!connection.keep_alive) return linger(connection);
  connection.state = Connection::State::reading;
  connection.deadline =
      now_ + (connection.reader.begun() ? options_.request_time : options_.idle_time);
  advance(connection);
}

/// Closing with unread bytes would reset the connection and take the answer back from the client;
/// so what still comes is thrown away, within limits of time and bytes.
void Reactor::linger(Connection& connection) {
  ::shutdown(connection.fd, SHUT_WR);
  connection.state = Connection::State::lingering;
  connection.deadline = now_ + options_.linger_time;
  wait_for(connection, EPOLLIN);
}

void Reactor::wait_for(Connection& connection, std::uint32_t events) {
  if (connection.events == events) return;
  connection.events = events;
  watch(epoll_, connection.fd, events, connection.id, EPOLL_CTL_MOD);
}

void Reactor::close(ConnectionId id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  held_ -= found->second.held;
  ::close(found->second.fd);
  connections_.erase(found);
  open_ = connections_.size();
  if (!connections_.empty()) return;
  const std::lock_guard lock(mutex_);
  empty_.notify_all();
}

void Reactor::sweep() {
  next_sweep_ = now_ + sweep_interval;
  std::vector<ConnectionId> late;
  for (const auto& [id, connection] : connections_)
    if (connection.state != Connection::State::handled && connection.deadline <= now_)
      late.push_back(id);
  for (const auto id : late) {
    const auto found = connections_.find(id);
    if (found != connections_.end()) expire(found->second);
  }
}

void Reactor::expire(Connection& connection) {
  if (connection.state == Connection::State::reading && connection.reader.begun())
    return refuse(connection, {408, "too_slow", "the request did not come whole in time", {}, {}});
  close(connection.id);
}

void Reactor::signal() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
}

void Reactor::answer(ConnectionId id, std::string bytes, bool keep_alive) {
  {
    const std::lock_guard lock(mutex_);
    answers_.push_back({id, std::move(bytes), keep_alive});
  }
  signal();
}

void Reactor::take_answers() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(wake_, &count, sizeof count);
  std::vector<Answer> answers;
  bool drain_now = false;
  {
    const std::lock_guard lock(mutex_);
    answers.swap(answers_);
    drain_now = drain_wanted_ && !draining_;
  }
  if (drain_now) start_draining();
  for (auto& answer : answers) {
    const auto found = connections_.find(answer.id);
    ensure(found != connections_.end(), "a connection stays while its request is handled");
    if (found->second.gone)
      close(answer.id);
    else
      send(found->second, std::move(answer.bytes), answer.keep_alive);
  }
}

void Reactor::start_draining() {
  draining_ = true;
  listener_.close();
  std::vector<ConnectionId> idle;
  for (const auto& [id, connection] : connections_)
    if (connection.state == Connection::State::reading && !connection.reader.begun())
      idle.push_back(id);
  for (const auto id : idle) close(id);
}

void Reactor::drain() {
  {
    const std::lock_guard lock(mutex_);
    drain_wanted_ = true;
  }
  signal();
}

bool Reactor::wait_until_empty(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  return empty_.wait_for(lock, patience, [this] { return open_ == 0; });
}

void Reactor::end() {
  ended_ = true;
  signal();
}

}  // namespace rappel::api
