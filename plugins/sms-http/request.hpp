// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rappel/plugin.h>

#include <string>
#include <string_view>
#include <vector>

#include "settings.hpp"

namespace rappel::sms_http {

/// What goes over the wire for one message, encoded.
struct Request {
  std::string url;
  std::string body;
  std::string content_type;  ///< empty: no body
  std::vector<std::string> headers;
};

/// Digits, optionally after a plus sign: nothing else ever reaches a gateway as a number.
bool is_phone_number(std::string_view text);

/// Placeholders are filled once, and what fills them is then encoded for its place, so that no text
/// can add a parameter or a header. Throws std::invalid_argument when a header would break a line.
Request make_request(const Settings& settings, const rappel_message& message);

}  // namespace rappel::sms_http
