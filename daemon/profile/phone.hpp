// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/problem.hpp"

// Phone numbers as people write them. Pure; any thread.

namespace rappel::profile {

/// E.164 from what a person writes in `country` (of the tenant, "fr"): "06 12 34 56 78" is
/// "+33612345678" and "0692 12 34 56" is "+262692123456" in France, "0470 12 34 56" is "+32470123456" in
/// Belgium, "5123 4567" is "+37251234567" in Estonia. With its country's code a number is the same
/// everywhere. "bad_phone" when it cannot be a number, and for a national number of a country whose
/// plan is not known here.
Expected<std::string> normalise_phone(std::string_view text, std::string_view country = "fr");

}  // namespace rappel::profile
