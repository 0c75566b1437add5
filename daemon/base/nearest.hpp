// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rappel {

/// The known name closest to a mistyped one (Damerau-Levenshtein, at most a third of its letters
/// wrong), or an empty string. For "unknown key `sned_at`: did you mean `send_at`?".
std::string nearest_name(std::string_view mistyped, const std::vector<std::string>& known);

}  // namespace rappel
