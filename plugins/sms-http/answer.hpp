// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rappel/plugin.hpp>
#include <string>

#include "settings.hpp"

namespace rappel::sms_http {

/// What the gateway answered; the body cut to its limit.
struct Answer {
  long status = 0;
  std::string body;
  long long retry_after_s = 0;  ///< 0: not said
};

/// What became of the message. The body is not repeated: it may hold the number or the text.
plugin::Result judge(const Settings& settings, const Answer& answer);

}  // namespace rappel::sms_http
