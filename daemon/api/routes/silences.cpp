// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "api/routes.hpp"
#include "dispatch/silence_preview.hpp"
#include "planner/silence_request.hpp"

namespace rappel::api {
namespace {

using planner::Answer;
using planner::SilenceUse;

dispatch::SilencePreview look_at(const ServerParts& parts, const Silence& silence) {
  const auto tenant = parts.store.tenant(silence.tenant).value_or(store::Tenant{silence.tenant});
  return dispatch::preview_silence(parts.store, tenant, parts.routes, silence);
}

Served<HttpResponse> list_silences(const ServerParts& parts, const Call& call) {
  store::Page<Silence> all{parts.store.silences(call.caller.tenant, call.now), ""};
  return page_response(all, call, [](const Silence& item) { return planner::view(item); });
}

Expected<Answer> preview(const ServerParts& parts, const planner::Request& request,
                         const boost::json::object& body) {
  const auto asked =
      planner::read_silence_request(body, request.tenant, request.now, SilenceUse::preview);
  if (!asked) return tl::unexpected(asked.error());
  return Answer{200, dispatch::view(look_at(parts, asked->silence)), false};
}

/// What its author has not seen is not silenced.
Expected<Answer> set_silence(const ServerParts& parts, const planner::Request& request,
                             const boost::json::object& body) {
  auto asked = planner::read_silence_request(body, request.tenant, request.now, SilenceUse::set);
  if (!asked) return tl::unexpected(asked.error());
  const auto found = look_at(parts, asked->silence);
  if (std::int64_t(found.matching) > asked->expected)
    return refuse(ProblemKind::conflict, "more_than_expected",
                  fmt::format("{} reminders match, and \"expected\" says {}", found.matching,
                              asked->expected),
                  "/expected", "look at POST /v1/silences/preview again, and give its \"matching\"");
  asked->silence.id = SilenceId::random();
  if (auto added = parts.store.add_silence(asked->silence); !added)
    return tl::unexpected(added.error());
  auto answer = planner::view(asked->silence);
  answer["preview"] = dispatch::view(found);
  return Answer{201, std::move(answer), false};
}

Served<HttpResponse> end_silence(const ServerParts& parts, const Call& call) {
  const auto id = SilenceId::parse(call.parameters.at(0));
  const auto ended =
      id ? parts.store.end_silence(call.caller.tenant, *id, call.now) : std::nullopt;
  if (!ended)
    return refuse_with(404, "unknown_silence", "no silence that is not over has this id");
  return json_response(planner::view(*ended));
}

}  // namespace

std::vector<Route> silence_routes(const ServerParts& parts) {
  constexpr auto keyed = Route::Access::keyed;
  constexpr auto single = Route::Shape::single;
  return {
      {"GET", "/v1/silences", keyed, single,
       [parts](const Call& call) { return list_silences(parts, call); }},
      {"POST", "/v1/silences", keyed, single,
       [parts](const Call& call) {
         return run_body_write(call, [&](const auto& request, const auto& body) {
           return set_silence(parts, request, body);
         });
       }},
      {"POST", "/v1/silences/preview", keyed, single,
       [parts](const Call& call) {
         return run_body_write(call, [&](const auto& request, const auto& body) {
           return preview(parts, request, body);
         });
       }},
      {"DELETE", "/v1/silences/{id}", keyed, single,
       [parts](const Call& call) { return end_silence(parts, call); }},
  };
}

}  // namespace rappel::api
