// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "api/http/limits.hpp"
#include "api/http/message.hpp"
#include "base/service.hpp"

namespace rappel::api {

/// cpp-httplib behind a guard. One thread holds all connections, reads requests within limits of
/// bytes and time and checks them strictly; only whole ones reach the threads and cpp-httplib. A
/// thousand silent or slow clients take nothing from an honest one.
///
///   GuardedServer server(options, [](const HttpRequest& request) { return HttpResponse{…}; });
///   server.start();  server.port();  server.stop(5s);
///
/// The handler runs on any of `threads` threads; what it throws becomes a 500 that says nothing.
class GuardedServer final : public Service {
 public:
  using Handler = std::function<HttpResponse(const HttpRequest&)>;
  using Refused = std::function<void(const Refusal&)>;

  /// Throws std::invalid_argument when check(options) finds something.
  GuardedServer(HttpOptions options, Handler handler, Refused refused = nullptr);
  ~GuardedServer() override;

  [[nodiscard]] std::string_view name() const override { return "http"; }
  /// Throws std::runtime_error when the address cannot be had, for one because another daemon has it.
  void start() override;
  /// Accepts nothing more; requests that have come whole are answered within `grace`.
  void stop(std::chrono::milliseconds grace) override;

  /// The TCP port really bound; 0 before start() and on a unix socket.
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t connections() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rappel::api
