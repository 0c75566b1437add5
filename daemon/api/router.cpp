// SPDX-License-Identifier: Apache-2.0
#include "api/router.hpp"

#include "api/query.hpp"
#include "base/ensure.hpp"

namespace rappel::api {
namespace {

std::vector<std::string> cut(std::string_view path) {
  std::vector<std::string> segments;
  ensure(!path.empty() && path[0] == '/', "a path begins with a slash");
  for (path.remove_prefix(1);;) {
    const auto slash = path.find('/');
    segments.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

bool is_parameter(const std::string& segment) { return segment.substr(0, 1) == "{"; }

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool same = is_parameter(pattern[i]) ? !path[i].empty() : pattern[i] == path[i];
    if (!same) return false;
  }
  return true;
}

Served<std::vector<std::string>> parameters_of(const std::vector<std::string>& pattern,
                                               const std::vector<std::string>& path) {
  std::vector<std::string> parameters;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (!is_parameter(pattern[i])) continue;
    auto decoded = percent_decoded(path[i]);
    if (!decoded) return refuse_with(400, "bad_path", "the path cannot be decoded");
    parameters.push_back(std::move(*decoded));
  }
  return parameters;
}

}  // namespace

std::size_t Router::add(std::string method, std::string_view pattern) {
  routes_.push_back({std::move(method), cut(pattern)});
  return routes_.size() - 1;
}

Served<Router::Match> Router::match(std::string_view method, std::string_view path) const {
  const auto segments = cut(path);
  const auto wanted = method == "HEAD" ? "GET" : method;
  std::string allowed;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    if (!fits(routes_[i].segments, segments)) continue;
    if (routes_[i].method == wanted) {
      auto parameters = parameters_of(routes_[i].segments, segments);
      if (!parameters) return tl::unexpected(parameters.error());
      return Match{i, std::move(*parameters)};
    }
    allowed += (allowed.empty() ? "" : ", ") + routes_[i].method;
  }
  if (allowed.empty()) return refuse_with(404, "unknown_path", "nothing is served under this path");
  return refuse_with(405, "method_not_allowed", "this path serves " + allowed,
                     {{"Allow", allowed}});
}

}  // namespace rappel::api
