// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "api/http/problem_json.hpp"
#include "api/negotiation.hpp"
#include "api/routes.hpp"
#include "message/explanation_page.hpp"
#include "planner/json_view.hpp"

namespace rappel::api {
namespace {

/// The same answer for a citizen that never was and for one of another tenant.
tl::unexpected<Refusal> unknown_citizen() {
  return refuse_with(404, "unknown_citizen",
                     "no citizen has this reference; create the citizen first: "
                     "PUT /v1/citizens/{ref}");
}

Served<CitizenId> find_citizen(store::Store& store, const Call& call) {
  const auto id = store.find_citizen(call.caller.tenant, call.parameters.at(0));
  if (!id) return unknown_citizen();
  return *id;
}

Served<HttpResponse> get_citizen(store::Store& store, const Call& call) {
  const auto id = find_citizen(store, call);
  if (!id) return tl::unexpected(id.error());
  const auto citizen = store.read_citizen(call.caller.tenant, *id);
  if (!citizen) return unknown_citizen();
  auto response = json_response(planner::view(*citizen));
  response.headers.push_back({"ETag", fmt::format("\"{}\"", citizen->version)});
  return response;
}

Served<Deadline> find_deadline(store::Store& store, const Call& call) {
  const auto citizen = find_citizen(store, call);
  if (!citizen) return tl::unexpected(citizen.error());
  const auto id = DeadlineId::parse(call.parameters.at(1));
  auto deadline = id ? store.read_deadline(call.caller.tenant, *citizen, *id) : std::nullopt;
  if (!deadline)
    return refuse_with(404, "unknown_deadline",
                       "this citizen has no deadline of this id; GET /v1/citizens/{ref}/deadlines "
                       "lists them");
  return std::move(*deadline);
}

Served<HttpResponse> get_deadline(store::Store& store, const Call& call) {
  const auto deadline = find_deadline(store, call);
  if (!deadline) return tl::unexpected(deadline.error());
  return json_response(planner::view(*deadline));
}

/// Why, as a page: HTML unless plain text is asked for, French unless English is.
Served<HttpResponse> get_explanation(store::Store& store, const Call& call) {
  const auto deadline = find_deadline(store, call);
  if (!deadline) return tl::unexpected(deadline.error());
  constexpr std::string_view forms[] = {"text/html", "text/plain"};
  constexpr std::string_view languages[] = {"fr", "en"};
  const bool plain = preferred_offer(call.request.header("accept"), forms) == 1;
  const auto language = preferred_offer(call.request.header("accept-language"), languages) == 1
                            ? Language::en
                            : Language::fr;
  const auto tenant = store.tenant(call.caller.tenant);
  const auto citizen = store.read_citizen(call.caller.tenant, deadline->citizen);
  if (!tenant || !citizen) return unknown_citizen();
  const auto human = planner::human_for(
      profile::profile_from_json(citizen->profile, tenant->zone), *tenant);
  HttpResponse response;
  response.content_type = plain ? "text/plain; charset=utf-8" : "text/html; charset=utf-8";
  response.body = plain ? message::explanation_text(*deadline, language, human)
                        : message::explanation_html(*deadline, language, human);
  response.headers = {{"Content-Language", std::string(to_string(language))},
                      {"Content-Security-Policy", "default-src 'none'"},
                      {"Vary", "Accept, Accept-Language"}};
  return response;
}

/// GET /v1/citizens/{ref}/<something many>.
template <typename T>
using ReadPage = store::Page<T> (store::Store::*)(TenantId, CitizenId, const store::PageRequest&);

template <typename T>
Route list_route(store::Store& store, std::string pattern, ReadPage<T> read) {
  const auto handler = [&store, read](const Call& call) -> Served<HttpResponse> {
    const auto page = page_request(call.query, call.caller.tenant, call.request.path());
    if (!page) return tl::unexpected(page.error());
    const auto id = find_citizen(store, call);
    if (!id) return tl::unexpected(id.error());
    return page_response((store.*read)(call.caller.tenant, *id, *page), call,
                         [](const T& item) { return planner::view(item); });
  };
  return {"GET", std::move(pattern), Route::Access::keyed, Route::Shape::list, handler};
}

Route write_route(std::string method, std::string pattern, planner::Planner& planner,
                  Expected<planner::Answer> (planner::Planner::*write)(const planner::Request&,
                                                                       const std::string&,
                                                                       const boost::json::object&)) {
  const auto handler = [&planner, write](const Call& call) {
    return run_body_write(
        call, [&](const planner::Request& request, const boost::json::object& body) {
          return (planner.*write)(request, call.parameters.at(0), body);
        });
  };
  return {std::move(method), std::move(pattern), Route::Access::keyed, Route::Shape::single,
          handler};
}

}  // namespace

std::vector<Route> citizen_routes(const ServerParts& parts) {
  auto& store = parts.store;
  auto& planner = parts.planner;
  const auto get = [&store](const Call& call) { return get_citizen(store, call); };
  return {
      write_route("PUT", "/v1/citizens/{ref}", planner, &planner::Planner::put_citizen),
      write_route("POST", "/v1/citizens/{ref}/events", planner, &planner::Planner::record_events),
      {"GET", "/v1/citizens/{ref}", Route::Access::keyed, Route::Shape::single, get},
      list_route<Event>(store, "/v1/citizens/{ref}/events", &store::Store::read_events),
      list_route<Deadline>(store, "/v1/citizens/{ref}/deadlines", &store::Store::read_deadlines),
      {"GET", "/v1/citizens/{ref}/deadlines/{id}", Route::Access::keyed, Route::Shape::single,
       [&store](const Call& call) { return get_deadline(store, call); }},
      {"GET", "/v1/citizens/{ref}/deadlines/{id}/explanation", Route::Access::keyed,
       Route::Shape::single, [&store](const Call& call) { return get_explanation(store, call); }},
      list_route<Reminder>(store, "/v1/citizens/{ref}/reminders", &store::Store::read_reminders),
      list_route<InboxMessage>(store, "/v1/citizens/{ref}/inbox", &store::Store::read_inbox),
  };
}

}  // namespace rappel::api
