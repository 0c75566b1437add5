// SPDX-License-Identifier: Apache-2.0
#include "api/http/guarded_server.hpp"

#include <mutex>
#include <stdexcept>
#include <thread>

#include "api/http/exchange.hpp"
#include "api/http/reactor.hpp"
#include "base/worker_pool.hpp"

namespace rappel::api {
namespace {

using std::chrono::milliseconds;

HttpOptions checked(HttpOptions options) {
  if (const auto problems = check(options); !problems.empty())
    throw std::invalid_argument("HTTP options: " + to_string(problems.front()));
  return options;
}

Listener listener_of(const HttpOptions& options) {
  if (options.inherited_fd >= 0) return Listener::inherit(options.inherited_fd);
  return Listener::open(parse_listen(options.listen).value());
}

}  // namespace

struct GuardedServer::Parts {
  Parts(HttpOptions options_, Handler handler_, Refused refused_)
      : options(checked(std::move(options_))),
        handler(std::move(handler_)),
        refused(std::move(refused_)),
        pool({"http", options.threads, options.queue_requests_max}) {}

  bool deliver(Reactor::ConnectionId id, WholeRequest whole) {
    // Shared because a job must be copyable; the pool's copy is the only one that lives on.
    auto request = std::make_shared<WholeRequest>(std::move(whole));
    return pool.submit([this, id, request] {
      const bool keep_alive = request->keep_alive && !reactor->draining();
      auto result = run_exchange(request->head_bytes, request->request, keep_alive, handler);
      reactor->answer(id, std::move(result.bytes), result.keep_alive);
    });
  }

  void start() {
    reactor = std::make_unique<Reactor>(
        options, listener_of(options),
        [this](Reactor::ConnectionId id, WholeRequest whole) {
          return deliver(id, std::move(whole));
        },
        [this](const Refusal& refusal) {
          if (refused) refused(refusal);
        });
    pool.start();
    thread = std::thread([this] { reactor->run(); });
  }

  void stop(milliseconds grace) {
    const std::lock_guard lock(stopping);
    if (!thread.joinable()) return;
    reactor->drain();
    reactor->wait_until_empty(grace);
    reactor->end();
    thread.join();
    pool.stop(milliseconds{0});
  }

  HttpOptions options;
  Handler handler;
  Refused refused;
  std::unique_ptr<Reactor> reactor;
  WorkerPool pool;  // after the reactor: its threads end first
  std::thread thread;
  std::mutex stopping;
};

GuardedServer::GuardedServer(HttpOptions options, Handler handler, Refused refused)
    : parts_(std::make_unique<Parts>(std::move(options), std::move(handler), std::move(refused))) {}

GuardedServer::~GuardedServer() { stop(std::chrono::seconds{1}); }

void GuardedServer::start() { parts_->start(); }

void GuardedServer::stop(milliseconds grace) { parts_->stop(grace); }

std::uint16_t GuardedServer::port() const { return parts_->reactor ? parts_->reactor->port() : 0; }

std::size_t GuardedServer::connections() const {
  return parts_->reactor ? parts_->reactor->connections() : 0;
}

}  // namespace rappel::api
