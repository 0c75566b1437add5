// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/authenticator.hpp"
#include "api/http/limits.hpp"
#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/service.hpp"
#include "dispatch/stages.hpp"
#include "planner/planner.hpp"
#include "store/store.hpp"

// The caseworker API over HTTP: /v1/… with a key, /healthz, /readyz and /metrics without one. It is
// meant for loopback or a unix socket, behind a proxy that speaks TLS and does not pass /metrics on.

namespace rappel::api {

struct ServerOptions {
  HttpOptions http;
  AuthOptions auth;
};
/// Everything out of range, at once.
std::vector<Problem> check(const ServerOptions& options);

/// What the routes work on; all of it outlives the server and may be used from any thread.
struct ServerParts {
  store::Store& store;
  planner::Planner& planner;
  const Clock& clock;
  metrics::Registry& metrics;
  /// Why the daemon cannot serve at this moment; nothing when it can.
  std::function<std::vector<std::string>()> not_ready;
  /// By which notifiers messages would go: the preview of a silence tells.
  std::vector<dispatch::Route> routes = {};
};

class Server final : public Service {
 public:
  /// Throws std::invalid_argument when check(options) finds something.
  Server(ServerOptions options, ServerParts parts);
  ~Server() override;

  [[nodiscard]] std::string_view name() const override { return "api"; }
  void start() override;
  void stop(std::chrono::milliseconds grace) override;
  /// The TCP port really bound; 0 before start() and on a unix socket.
  [[nodiscard]] std::uint16_t port() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace rappel::api
