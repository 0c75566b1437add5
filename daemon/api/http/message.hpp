// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/problem.hpp"

// One HTTP request and its response, as our own code sees them.

namespace rappel::api {

struct Header {
  std::string name;  ///< lower case in a request
  std::string value;
};

/// A whole request that has passed every check of transport; the strings are otherwise as sent.
struct HttpRequest {
  std::string method;
  std::string target;  ///< "/v1/citizens/abc?limit=2", still percent-encoded
  std::vector<Header> headers;
  std::string body;
  std::string peer;  ///< the socket's other end: "192.0.2.7", or "unix"; never from a header
  std::string id;    ///< ours, for logs and the Request-Id header

  /// The path without the query, and the query without its "?".
  [[nodiscard]] std::string_view path() const;
  [[nodiscard]] std::string_view query() const;
  [[nodiscard]] const std::string* header(std::string_view lower_name) const;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<Header> headers;
};

/// An answer other than the one hoped for, before it is written as application/problem+json.
struct Refusal {
  int status = 400;
  std::string code;
  std::string detail;
  std::vector<Header> headers;   ///< Allow, Retry-After, WWW-Authenticate
  std::vector<Problem> errors;   ///< each with a JSON pointer into the body
};

template <typename T>
using Served = tl::expected<T, Refusal>;

inline tl::unexpected<Refusal> refuse_with(int status, std::string code, std::string detail,
                                           std::vector<Header> headers = {}) {
  return tl::unexpected<Refusal>(
      Refusal{status, std::move(code), std::move(detail), std::move(headers), {}});
}

}  // namespace rappel::api
