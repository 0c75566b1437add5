// SPDX-License-Identifier: Apache-2.0
#include "api/routes.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "api/http/problem_json.hpp"
#include "api/json_reader.hpp"

namespace rappel::api {
namespace {

constexpr std::size_t idempotency_key_bytes_max = 255;

Served<planner::Request> write_request(const Call& call) {
  planner::Request request;
  request.tenant = call.caller.tenant;
  request.source = "api:" + call.caller.key_id;
  request.now = call.now;
  request.route = call.request.method + " " + std::string(call.request.path());
  request.body = call.request.body;
  if (const auto* key = call.request.header("idempotency-key")) {
    const bool printable =
        std::all_of(key->begin(), key->end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    if (key->empty() || key->size() > idempotency_key_bytes_max || !printable)
      return refuse_with(400, "bad_idempotency_key",
                         "an Idempotency-Key has 1 to 255 printable ASCII characters");
    request.idempotency_key = *key;
  }
  return request;
}

Served<void> check_content_type(const HttpRequest& request) {
  const auto* header = request.header("content-type");
  std::string type = header == nullptr ? "" : *header;
  for (char& c : type)
    if (c >= 'A' && c <= 'Z') c = char(c | 0x20);
  std::erase_if(type, [](char c) { return c == ' ' || c == '\t' || c == '"'; });
  if (type == "application/json" || type == "application/json;charset=utf-8") return {};
  return refuse_with(415, "not_json", "the body must be sent as application/json in UTF-8");
}

Served<HttpResponse> answered(Expected<planner::Answer> answer) {
  if (!answer) return tl::unexpected(refusal_of(answer.error()));
  auto response = json_response(answer->body, answer->status);
  if (answer->replayed) response.headers.push_back({"Idempotent-Replayed", "true"});
  return response;
}

}  // namespace

HttpResponse json_response(const boost::json::object& body, int status) {
  HttpResponse response;
  response.status = status;
  response.body = boost::json::serialize(body);
  return response;
}

Served<HttpResponse> run_write(const Call& call, const Write& write) {
  const auto request = write_request(call);
  if (!request) return tl::unexpected(request.error());
  return answered(write(*request));
}

Served<HttpResponse> run_body_write(const Call& call, const BodyWrite& write) {
  if (auto checked = check_content_type(call.request); !checked)
    return tl::unexpected(checked.error());
  auto body = read_json_object(call.request.body);
  if (!body) return tl::unexpected(refusal_of(body.error()));
  return run_write(call, [&](const planner::Request& request) { return write(request, *body); });
}

}  // namespace rappel::api
