// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <vector>

#include "api/authenticator.hpp"
#include "api/http/message.hpp"
#include "api/query.hpp"
#include "api/server.hpp"

// The routes of the API. docs/guides/add-a-route.md walks through adding one.

namespace rappel::api {

/// One request on its way through a route: matched, and authenticated when the route needs a key.
struct Call {
  const HttpRequest& request;
  std::vector<std::string> parameters;  ///< of the path, decoded
  Query query;
  Caller caller;
  Instant now{};
};

struct Route {
  enum class Access { keyed, open };
  enum class Shape { single, list };

  std::string method;
  std::string pattern;
  Access access = Access::keyed;
  Shape shape = Shape::single;  ///< a single thing takes no query parameter at all
  std::function<Served<HttpResponse>(const Call&)> handler;
};

std::vector<Route> citizen_routes(const ServerParts& parts);
std::vector<Route> reminder_routes(const ServerParts& parts);
std::vector<Route> silence_routes(const ServerParts& parts);
std::vector<Route> operation_routes(const ServerParts& parts);

// --- what several routes need ---------------------------------------------------------------------

HttpResponse json_response(const boost::json::object& body, int status = 200);

/// Reads the request into a planner's request and runs `write` on it. Checks the Idempotency-Key.
using Write = std::function<Expected<planner::Answer>(const planner::Request&)>;
Served<HttpResponse> run_write(const Call& call, const Write& write);

/// The same for a write with a JSON body.
using BodyWrite =
    std::function<Expected<planner::Answer>(const planner::Request&, const boost::json::object&)>;
Served<HttpResponse> run_body_write(const Call& call, const BodyWrite& write);

/// {"items": […], "next": cursor or null}; `read` fetches one page from the store.
template <typename T, typename View>
HttpResponse page_response(const store::Page<T>& page, const Call& call, View view) {
  boost::json::array items;
  for (const auto& item : page.items) items.push_back(view(item));
  const auto next = shown_cursor(page.next, call.caller.tenant, call.request.path());
  boost::json::object body{{"items", std::move(items)}, {"next", nullptr}};
  if (!next.empty()) body["next"] = next;
  return json_response(body);
}

}  // namespace rappel::api
