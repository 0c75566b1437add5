// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/routes.hpp"

namespace rappel::api {
namespace {

Served<HttpResponse> ready(const ServerParts& parts) {
  const auto reasons = parts.not_ready ? parts.not_ready() : std::vector<std::string>{};
  if (reasons.empty()) return json_response({{"status", "ready"}});
  return refuse_with(503, "not_ready", fmt::format("{}", fmt::join(reasons, "; ")),
                     {{"Retry-After", "2"}});
}

HttpResponse metrics_text(const metrics::Registry& registry) {
  HttpResponse response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = registry.text();
  return response;
}

}  // namespace

/// Read by machines on this host, without a key: they say nothing of any citizen.
std::vector<Route> operation_routes(const ServerParts& parts) {
  constexpr auto open = Route::Access::open;
  constexpr auto single = Route::Shape::single;
  return {
      {"GET", "/healthz", open, single,
       [](const Call&) -> Served<HttpResponse> { return json_response({{"status", "alive"}}); }},
      {"GET", "/readyz", open, single, [parts](const Call&) { return ready(parts); }},
      {"GET", "/lanes", open, single,
       [parts](const Call&) -> Served<HttpResponse> {
         return json_response({{"lanes", parts.lanes ? parts.lanes() : boost::json::array{}}});
       }},
      {"GET", "/metrics", open, single,
       [parts](const Call&) -> Served<HttpResponse> { return metrics_text(parts.metrics); }},
  };
}

}  // namespace rappel::api
