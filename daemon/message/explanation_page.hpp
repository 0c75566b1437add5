// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "profile/channel.hpp"
#include "reminder/deadline.hpp"

// Why a deadline concerns somebody, as a page that they read: what and when, what to do next, why, each
// step of the arithmetic, the law, how sure it is. Pure; any thread.
//
// What is missing from the explanation is left out of the page: of a deadline whose explanation is empty,
// its dates, its state and its rule remain.

namespace rappel::message {

/// Whom the reader may turn to; left out of the page without a phone.
struct HumanHelp {
  std::string name, phone;
};

/// Lines of UTF-8 text; a title with "=" below it, headings with "-" below them.
std::string explanation_text(const Deadline& deadline, Language language, const HumanHelp& human);

/// A whole HTML page for `Content-Security-Policy: default-src 'none'`: no script, no style, no
/// resource from elsewhere. Everything that comes from a rule or a person is escaped; what is in
/// another language than the page says so.
std::string explanation_html(const Deadline& deadline, Language language, const HumanHelp& human);

}  // namespace rappel::message
