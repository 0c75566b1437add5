// SPDX-License-Identifier: Apache-2.0
#include "api/server.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "api/http/guarded_server.hpp"
#include "api/http/peer.hpp"
#include "api/http/problem_json.hpp"
#include "api/router.hpp"
#include "api/routes.hpp"
#include "base/steady.hpp"

namespace rappel::api {
namespace {

using std::chrono::microseconds;

ServerOptions checked_options(ServerOptions options) {
  if (const auto problems = check(options); !problems.empty())
    throw std::invalid_argument("API options: " + to_string(problems.front()));
  return options;
}

/// What is counted of one route.
class RouteMetrics {
 public:
  RouteMetrics(metrics::Registry& registry, const std::string& method, const std::string& pattern)
      : seconds_(registry.histogram("rappel_http_request_seconds",
                                    "Time from a whole request to its answer.",
                                    metrics::request_seconds(),
                                    {{"method", method}, {"route", pattern}})) {
    for (std::size_t i = 0; i < statuses_.size(); ++i)
      statuses_[i] = &registry.counter(
          "rappel_http_requests_total", "Requests answered, by class of status.",
          {{"method", method}, {"route", pattern}, {"status", std::to_string(i + 2) + "xx"}});
  }
  void note(int status, microseconds took) {
    statuses_[std::size_t(std::clamp(status / 100, 2, 5)) - 2]->add();
    seconds_.observe(double(took.count()) / 1e6);
  }

 private:
  std::array<metrics::Counter*, 4> statuses_{};
  metrics::Histogram& seconds_;
};

}  // namespace

std::vector<Problem> check(const ServerOptions& options) {
  auto problems = check(options.http);
  for (auto& problem : check(options.auth)) problems.push_back(std::move(problem));
  return problems;
}

struct Server::Inside {
  Inside(ServerOptions options_, ServerParts parts_)
      : options(checked_options(std::move(options_))),
        parts(std::move(parts_)),
        authenticator(parts.store, options.auth),
        unmatched(parts.metrics, "any", "unknown"),
        failed_keys(parts.metrics.counter("rappel_http_key_failures_total",
                                          "Requests refused for want of a valid key.")),
        refused(parts.metrics.counter("rappel_http_refused_total",
                                      "Connections refused before they made a whole request.")),
        unavailable(parts.metrics.counter("rappel_http_store_unavailable_total",
                                          "Requests that found the database away.")),
        http(options.http, [this](const HttpRequest& request) { return serve(request); },
             [this](const Refusal&) { refused.add(); }) {
    for (auto routes_of : {citizen_routes, reminder_routes, silence_routes, operation_routes})
      for (auto& route : routes_of(parts)) add(std::move(route));
    parts.metrics.gauge_of("rappel_http_connections", "Open connections.", {},
                           [this] { return double(http.connections()); });
  }

  void add(Route route) {
    router.add(route.method, route.pattern);
    counts.emplace_back(parts.metrics, route.method, route.pattern);
    routes.push_back(std::move(route));
  }

  HttpResponse serve(const HttpRequest& request) {
    const auto began = steady_now();
    auto match = router.match(request.method, request.path());
    auto& count = match ? counts[match->route] : unmatched;
    auto answer = match ? reached(request, routes[match->route], std::move(match->parameters))
                        : Served<HttpResponse>(tl::unexpected(std::move(match.error())));
    auto response = answer ? std::move(*answer) : to_response(answer.error(), request.id);
    count.note(response.status, steady_now() - began);
    return response;
  }

  /// A broken world becomes an answer here: the client may come again.
  Served<HttpResponse> reached(const HttpRequest& request, const Route& route,
                               std::vector<std::string> parameters) {
    try {
      return run(request, route, std::move(parameters));
    } catch (const store::BadCursor&) {
      return refuse_with(400, "bad_cursor", "the cursor was not given for this list");
    } catch (const store::StoreUnavailable&) {
      unavailable.add();
      return refuse_with(503, "store_unavailable",
                         "the database does not answer; repeat the request with the same "
                         "Idempotency-Key",
                         {{"Retry-After", "2"}});
    }
  }

  Served<HttpResponse> run(const HttpRequest& request, const Route& route,
                           std::vector<std::string> parameters) {
    Call call{request, std::move(parameters), {}, {}, parts.clock.now()};
    if (route.access == Route::Access::keyed) {
      auto caller =
          authenticator.authenticate(request, client_of(request, options.http.trusted_proxies),
                                     call.now, steady_now());
      if (!caller) {
        failed_keys.add();
        return tl::unexpected(std::move(caller.error()));
      }
      call.caller = std::move(*caller);
    }
    auto query = parse_query(request.query());
    if (!query) return tl::unexpected(std::move(query.error()));
    if (route.shape == Route::Shape::single && !query->empty())
      return refuse_with(400, "unknown_parameter", "this path takes no query parameter");
    call.query = std::move(*query);
    return route.handler(call);
  }

  ServerOptions options;
  ServerParts parts;
  Authenticator authenticator;
  Router router;
  std::vector<Route> routes;
  std::vector<RouteMetrics> counts;
  RouteMetrics unmatched;
  metrics::Counter& failed_keys;
  metrics::Counter& refused;
  metrics::Counter& unavailable;
  GuardedServer http;
};

Server::Server(ServerOptions options, ServerParts parts)
    : inside_(std::make_unique<Inside>(std::move(options), std::move(parts))) {}

Server::~Server() { stop(std::chrono::seconds{1}); }

void Server::start() { inside_->http.start(); }

void Server::stop(std::chrono::milliseconds grace) { inside_->http.stop(grace); }

std::uint16_t Server::port() const { return inside_->http.port(); }

}  // namespace rappel::api
