// SPDX-License-Identifier: Apache-2.0
#include "api/json_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>

#include "api/json_handler.hpp"

namespace rappel::api {
namespace {

/// "line 3, column 14 (byte 52)", all but the byte counted from 1.
std::string place_of(std::string_view body, std::size_t offset) {
  const auto before = body.substr(0, offset);
  const auto line = std::size_t(std::count(before.begin(), before.end(), '\n')) + 1;
  const auto newline = before.rfind('\n');
  const auto column = newline == std::string_view::npos ? offset + 1 : offset - newline;
  return fmt::format("line {}, column {} (byte {})", line, column, offset);
}

boost::json::parse_options strict() {
  boost::json::parse_options options;
  // Our own limit answers first and names the place.
  options.max_depth = json_depth_max + 1;
  return options;
}

tl::unexpected<Problem> not_json(std::string_view body, std::size_t offset,
                                 const std::string& reason) {
  return refuse(ProblemKind::malformed, "bad_json",
                fmt::format("{} at {}", reason, place_of(body, offset)));
}

}  // namespace

Expected<boost::json::object> read_json_object(std::string_view body) {
  if (body.empty()) return refuse(ProblemKind::malformed, "empty_body", "the body is empty");
  boost::json::basic_parser<JsonHandler> parser(strict());
  boost::json::error_code error;
  const auto read = parser.write_some(false, body.data(), body.size(), error);
  if (const auto& problem = parser.handler().problem()) {
    auto placed = *problem;
    placed.detail += ", " + place_of(body, read);
    return tl::unexpected(std::move(placed));
  }
  if (error) return not_json(body, read, error.message());
  if (body.find_first_not_of(" \t\r\n", read) != std::string_view::npos)
    return not_json(body, read, "text after the end of the JSON");
  auto value = parser.handler().release();
  if (!value.is_object())
    return refuse(ProblemKind::invalid, "not_an_object", "the body must be a JSON object");
  return std::move(value.get_object());
}

}  // namespace rappel::api
