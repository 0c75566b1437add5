// SPDX-License-Identifier: Apache-2.0
#include "api/http/problem_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace rappel::api {
namespace {

boost::json::array error_list(const std::vector<Problem>& problems) {
  boost::json::array list;
  for (const auto& problem : problems) {
    boost::json::object item{
        {"pointer", problem.where}, {"code", problem.code}, {"detail", problem.detail}};
    if (!problem.mend.empty()) item["mend"] = problem.mend;
    list.push_back(std::move(item));
  }
  return list;
}

}  // namespace

int status_of(ProblemKind kind) {
  switch (kind) {
    case ProblemKind::malformed:
      return 400;
    case ProblemKind::invalid:
      return 422;
    case ProblemKind::unauthorized:
      return 401;
    case ProblemKind::forbidden:
      return 403;
    case ProblemKind::not_found:
      return 404;
    case ProblemKind::conflict:
      return 409;
    case ProblemKind::too_large:
      return 413;
    case ProblemKind::too_many:
      return 429;
    case ProblemKind::unavailable:
      return 503;
  }
  return 500;
}

Refusal refusal_of(const Problem& problem) {
  Refusal refusal{status_of(problem.kind), problem.code, problem.detail, {}, {}};
  if (problem.kind == ProblemKind::invalid || !problem.where.empty())
    refusal.errors.push_back(problem);
  else if (!problem.mend.empty())
    refusal.detail += "; " + problem.mend;
  if (refusal.status == 429 || refusal.status == 503)
    refusal.headers.push_back({"Retry-After", "5"});
  return refusal;
}

std::string_view title_of(int status) {
  switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Error";
  }
}

HttpResponse to_response(const Refusal& refusal, std::string_view request_id) {
  boost::json::object body{{"type", "urn:rappel:problem:" + refusal.code},
                           {"title", title_of(refusal.status)},
                           {"status", refusal.status},
                           {"detail", refusal.detail},
                           {"code", refusal.code}};
  if (!request_id.empty()) body["instance"] = "urn:uuid:" + std::string(request_id);
  if (!refusal.errors.empty()) body["errors"] = error_list(refusal.errors);
  HttpResponse response;
  response.status = refusal.status;
  response.content_type = "application/problem+json";
  response.body = boost::json::serialize(body);
  response.headers = refusal.headers;
  return response;
}

}  // namespace rappel::api
