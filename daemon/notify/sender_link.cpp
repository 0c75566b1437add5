// SPDX-License-Identifier: Apache-2.0
#include "notify/sender_link.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <list>

#include "base/ensure.hpp"
#include "base/log.hpp"
#include "notify/lane.hpp"

namespace rappel::notify {
namespace {

/// Connections that have not said hello yet; more are hung up on.
constexpr std::size_t newcomers_max = 16;
constexpr Tick ticks_from_term_to_kill = 5;

}  // namespace

class SenderPool::State : public std::enable_shared_from_this<SenderPool::State> {
 public:
  State(boost::asio::io_context& io, PoolOptions options, std::vector<NotifierOptions> notifiers,
        Callbacks callbacks)
      : options_(std::move(options)),
        callbacks_(std::move(callbacks)),
        io_(io),
        acceptor_(io),
        timer_(io) {
    for (auto& notifier : notifiers) {
      ensure(find(notifier.name) == nullptr, "notifiers have distinct names");
      lanes_.push_back(std::make_shared<Lane>(io_, options_, std::move(notifier), callbacks_));
    }
  }

  void start() {
    listen();
    accept();
    schedule_tick();
    for (const auto& lane : lanes_) lane->start();
  }

  /// Breaks the circle of handlers that own us.
  void shut() {
    is_shut_ = true;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    timer_.cancel();
    for (const auto& newcomer : newcomers_) newcomer.connection->close();
    newcomers_.clear();
    lanes_.clear();
    unlink(options_.socket_path.c_str());
  }

  [[nodiscard]] Lane* find(std::string_view name) const {
    const auto found = std::find_if(lanes_.begin(), lanes_.end(),
                                    [&](const auto& lane) { return lane->name() == name; });
    return found == lanes_.end() ? nullptr : found->get();
  }
  [[nodiscard]] const auto& lanes() const { return lanes_; }

  void stop(std::chrono::milliseconds grace, std::function<void()> stopped) {
    on_stopped_ = std::move(stopped);
    term_at_ = now_ + Tick(grace / options_.tick) + 1;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    for (const auto& lane : lanes_) lane->drain();
  }

 private:
  struct Newcomer {
    std::shared_ptr<Connection> connection;  // second owner: its handlers in flight
    Tick since;
  };
  using Newcomers = std::list<Newcomer>;

  void listen() {
    using boost::asio::local::stream_protocol;
    unlink(options_.socket_path.c_str());
    const stream_protocol::endpoint endpoint(options_.socket_path);
    acceptor_.open(endpoint.protocol());
    const mode_t old_mask = umask(0117);
    boost::system::error_code error;
    acceptor_.bind(endpoint, error);
    umask(old_mask);
    if (error) throw boost::system::system_error(error, "the senders' socket");
    acceptor_.listen();
  }

  void accept() {
    is_accepting_ = true;
    acceptor_.async_accept([self = shared_from_this()](const boost::system::error_code& error,
                                                       Connection::Socket socket) {
      if (self->is_shut_ || error == boost::asio::error::operation_aborted) return;
      // Out of descriptors, perhaps: the next tick tries again, not this very moment.
      if (error) return void(self->is_accepting_ = false);
      self->welcome(std::make_shared<Connection>(std::move(socket)));
      self->accept();
    });
  }

  /// Inside a user namespace of its own (PrivateUsers=yes) a sender's uid cannot be told; the group
  /// that the socket's mode 0660 lets in can.
  [[nodiscard]] bool is_allowed(const ucred& peer) const {
    return peer.uid == 0 || peer.uid == geteuid() || peer.gid == getegid() ||
           std::ranges::find(options_.allowed_uids, peer.uid) != options_.allowed_uids.end();
  }

  void welcome(std::shared_ptr<Connection> connection) {
    if (newcomers_.size() >= newcomers_max || !is_allowed(connection->peer())) {
      log::warning("RPL-5116", "a connection to the senders' socket is refused (uid {})",
                   connection->peer().uid);
      return connection->close();
    }
    newcomers_.push_back({connection, now_});
    const auto place = std::prev(newcomers_.end());
    connection->set_events({[weak = weak_from_this(), place](frame::Frame incoming) {
                              if (const auto self = weak.lock())
                                self->introduce(place, std::move(incoming));
                            },
                            [weak = weak_from_this(), place](const std::string&) {
                              if (const auto self = weak.lock()) self->newcomers_.erase(place);
                            }});
    connection->start();
  }

  void introduce(Newcomers::iterator place, frame::Frame incoming) {
    const auto connection = place->connection;
    newcomers_.erase(place);
    auto* hello = std::get_if<frame::Hello>(&incoming);
    if (hello == nullptr) return connection->close();
    auto* lane = find(hello->name);
    const std::string refusal =
        lane == nullptr ? "no notifier has this name" : lane->refusal(*hello, connection->peer());
    if (refusal.empty()) return lane->adopt(connection, std::move(*hello));
    log::warning("RPL-5117", "a sender is refused: {}", refusal);
    connection->set_events({});
    connection->write(frame::encode(frame::Bye{refusal}));
    connection->close_after_writing();
  }

  void schedule_tick() {
    timer_.expires_after(options_.tick);
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (error || self->is_shut_) return;
      self->tick();
    });
  }

  void tick() {
    ++now_;
    const auto start_ticks = Tick(options_.start_timeout / options_.tick);
    while (!newcomers_.empty() && newcomers_.front().since + start_ticks < now_) {
      newcomers_.front().connection->close();
      newcomers_.pop_front();
    }
    if (!is_accepting_ && !on_stopped_) accept();
    for (const auto& lane : lanes_) lane->tick(now_);
    if (on_stopped_) press_on();
    if (!is_shut_) schedule_tick();
  }

  void press_on() {
    if (now_ == term_at_)
      for (const auto& lane : lanes_) lane->end(SIGTERM);
    if (now_ >= term_at_ + ticks_from_term_to_kill)
      for (const auto& lane : lanes_) lane->end(SIGKILL);
    const bool is_done =
        std::ranges::all_of(lanes_, [](const auto& lane) { return lane->is_stopped(); });
    if (!is_done) return;
    const auto stopped = std::exchange(on_stopped_, nullptr);
    stopped();
  }

  PoolOptions options_;
  Callbacks callbacks_;
  boost::asio::io_context& io_;
  boost::asio::local::stream_protocol::acceptor acceptor_;
  boost::asio::steady_timer timer_;
  std::vector<std::shared_ptr<Lane>> lanes_;  // second owner: handlers in flight, briefly
  Newcomers newcomers_;
  Tick now_ = 0;
  Tick term_at_ = 0;
  std::function<void()> on_stopped_;
  bool is_accepting_ = false;
  bool is_shut_ = false;
};

SenderPool::SenderPool(boost::asio::io_context& io, PoolOptions options,
                       std::vector<NotifierOptions> notifiers, Callbacks callbacks)
    : state_(std::make_shared<State>(io, std::move(options), std::move(notifiers),
                                     std::move(callbacks))) {}

SenderPool::~SenderPool() {
  state_->shut();
}

void SenderPool::start() {
  state_->start();
}

bool SenderPool::is_ready(std::string_view name) const {
  const auto* lane = state_->find(name);
  return lane != nullptr && lane->is_ready();
}

bool SenderPool::can_query(std::string_view name) const {
  const auto* lane = state_->find(name);
  return lane != nullptr && lane->can_query();
}

std::size_t SenderPool::room(std::string_view name) const {
  const auto* lane = state_->find(name);
  return lane == nullptr ? 0 : lane->room();
}

Expected<void> SenderPool::send(std::string_view name, std::vector<OutgoingMessage> messages) {
  auto* lane = state_->find(name);
  if (lane == nullptr)
    return refuse(ProblemKind::not_found, "no_notifier", "no notifier has this name");
  return lane->send(std::move(messages));
}

Expected<void> SenderPool::query(std::string_view name, std::vector<StatusQuery> questions) {
  auto* lane = state_->find(name);
  if (lane == nullptr)
    return refuse(ProblemKind::not_found, "no_notifier", "no notifier has this name");
  return lane->query(std::move(questions));
}

std::vector<NotifierStatus> SenderPool::status() const {
  std::vector<NotifierStatus> all;
  for (const auto& lane : state_->lanes()) all.push_back(lane->status());
  return all;
}

void SenderPool::stop(std::chrono::milliseconds grace, std::function<void()> stopped) {
  state_->stop(grace, std::move(stopped));
}

}  // namespace rappel::notify
