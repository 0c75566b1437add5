// SPDX-License-Identifier: Apache-2.0
#include "api/routes.hpp"
#include "planner/json_view.hpp"

namespace rappel::api {
namespace {

tl::unexpected<Refusal> unknown_reminder() {
  return refuse_with(404, "unknown_reminder", "no reminder has this id");
}

tl::unexpected<Refusal> unknown_delivery() {
  return refuse_with(404, "unknown_delivery", "no delivery has this id");
}

/// The reminder that the path names, when it is one of the caller's.
Served<Reminder> find_reminder(store::Store& store, const Call& call) {
  const auto id = ReminderId::parse(call.parameters.at(0));
  if (!id) return unknown_reminder();
  auto reminder = store.read_reminder(call.caller.tenant, *id);
  if (!reminder) return unknown_reminder();
  return std::move(*reminder);
}

Served<HttpResponse> get_reminder(store::Store& store, const Call& call) {
  const auto reminder = find_reminder(store, call);
  if (!reminder) return tl::unexpected(reminder.error());
  return json_response(planner::view(*reminder));
}

/// A reminder has few deliveries, one per channel: all of them, without pages.
Served<HttpResponse> list_deliveries(store::Store& store, const Call& call) {
  const auto reminder = find_reminder(store, call);
  if (!reminder) return tl::unexpected(reminder.error());
  store::Page<Delivery> all{store.read_deliveries(call.caller.tenant, reminder->id), ""};
  return page_response(all, call, [](const Delivery& item) { return planner::view(item); });
}

Served<HttpResponse> get_delivery(store::Store& store, const Call& call) {
  const auto id = DeliveryId::parse(call.parameters.at(0));
  if (!id) return unknown_delivery();
  const auto delivery = store.read_delivery(call.caller.tenant, *id);
  if (!delivery) return unknown_delivery();
  return json_response(planner::view(*delivery));
}

Served<HttpResponse> list_tasks(store::Store& store, const Call& call) {
  const auto page = page_request(call.query, call.caller.tenant, call.request.path());
  if (!page) return tl::unexpected(page.error());
  return page_response(store.read_tasks(call.caller.tenant, *page), call,
                       [](const Task& item) { return planner::view(item); });
}

Served<HttpResponse> schedule(planner::Planner& planner, const Call& call) {
  return run_body_write(call,
                        [&](const planner::Request& request, const boost::json::object& body) {
                          return planner.schedule(request, body);
                        });
}

Served<HttpResponse> simulate(planner::Planner& planner, const Call& call) {
  return run_body_write(call,
                        [&](const planner::Request& request, const boost::json::object& body) {
                          return planner.simulate(request, body);
                        });
}

Served<HttpResponse> cancel(planner::Planner& planner, const Call& call) {
  const auto id = ReminderId::parse(call.parameters.at(0));
  if (!id) return unknown_reminder();
  return run_write(call, [&](const planner::Request& request) {
    return planner.cancel(request, *id);
  });
}

}  // namespace

std::vector<Route> reminder_routes(const ServerParts& parts) {
  auto& store = parts.store;
  auto& planner = parts.planner;
  constexpr auto keyed = Route::Access::keyed;
  constexpr auto single = Route::Shape::single;
  return {
      {"POST", "/v1/reminders", keyed, single,
       [&planner](const Call& call) { return schedule(planner, call); }},
      {"POST", "/v1/simulate", keyed, single,
       [&planner](const Call& call) { return simulate(planner, call); }},
      {"GET", "/v1/reminders/{id}", keyed, single,
       [&store](const Call& call) { return get_reminder(store, call); }},
      {"DELETE", "/v1/reminders/{id}", keyed, single,
       [&planner](const Call& call) { return cancel(planner, call); }},
      {"GET", "/v1/reminders/{id}/deliveries", keyed, single,
       [&store](const Call& call) { return list_deliveries(store, call); }},
      {"GET", "/v1/deliveries/{id}", keyed, single,
       [&store](const Call& call) { return get_delivery(store, call); }},
      {"GET", "/v1/tasks", keyed, Route::Shape::list,
       [&store](const Call& call) { return list_tasks(store, call); }},
  };
}

}  // namespace rappel::api
