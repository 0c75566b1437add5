// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/http/message.hpp"

namespace rappel::api {

/// Finds a route by method and path: segments are compared one by one, "{name}" takes one whole
/// segment, percent-decoded after the path is cut, so that an encoded "/" stays inside its segment.
///
///   Router router;
///   router.add("GET", "/v1/citizens/{ref}");        // → 0, the route's number
///   router.match("GET", "/v1/citizens/a%2Fb");      // → {0, {"a/b"}}
class Router {
 public:
  struct Match {
    std::size_t route = 0;
    std::vector<std::string> parameters;  ///< in the order of the pattern
  };

  /// Returns the route's number: 0, 1, 2 …
  std::size_t add(std::string method, std::string_view pattern);
  /// 404 when no pattern fits; 405 with Allow when one does for other methods; 400 when a segment
  /// cannot be decoded. HEAD is served as GET.
  [[nodiscard]] Served<Match> match(std::string_view method, std::string_view path) const;

 private:
  struct Route {
    std::string method;
    std::vector<std::string> segments;
  };
  std::vector<Route> routes_;
};

}  // namespace rappel::api
