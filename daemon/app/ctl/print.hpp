// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "calendar/zone.hpp"
#include "message/explanation_page.hpp"
#include "reminder/deadline.hpp"
#include "reminder/delivery.hpp"
#include "reminder/reminder.hpp"

namespace rappel::app::ctl {

/// One deadline with its reasons: what, until when, why, by which law, by which arithmetic.
std::string describe(const Deadline& deadline);

/// Each deadline in short, or as the page that says why, in the language asked for (`--explain fr|en`).
std::string describe(const std::vector<Deadline>& deadlines, const message::HumanHelp& human,
                     const std::optional<std::string>& explain);

/// "2026-12-24 09:00" on the citizen's clock.
std::string local_text(Instant at, const calendar::Zone& zone);

/// `text` with every line moved to the right.
std::string indented(const std::string& text, std::size_t columns);

/// A text of a {fr, en} object, French first, or in the language of `--explain`; empty when there is none.
std::string french(const boost::json::object& object, const std::string& key);
std::string worded(const boost::json::object& object, const std::string& key,
                   const std::optional<std::string>& language);

}  // namespace rappel::app::ctl
