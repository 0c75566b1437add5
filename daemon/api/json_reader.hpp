// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "base/problem.hpp"

namespace rappel::api {

inline constexpr std::size_t json_depth_max = 32;
/// Longest run of combining or invisible characters that a name written by a person needs.
inline constexpr std::size_t mark_run_max = 8;

/// A request's body as one JSON object, read strictly: what two parsers could read in two ways is
/// refused. Malformed (400, with line, column and offset): syntax, invalid UTF-8, a key given twice,
/// too deep, text after the end. Invalid (422, with a JSON pointer): not an object, a number out of
/// range, U+0000, a flood of combining marks.
Expected<boost::json::object> read_json_object(std::string_view body);

}  // namespace rappel::api
