// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace rappel {

/// What to look for in the file when the parser of yaml-cpp gave this message at this line.
std::string_view yaml_mend(std::string_view parser_message, std::string_view line);

}  // namespace rappel
