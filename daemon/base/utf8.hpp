// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace rappel {

/// How many bytes the well-formed UTF-8 character at the front of a text has, which is not empty; 0 when
/// there is none.
std::size_t utf8_length(std::string_view text);

}  // namespace rappel
