// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace rappel {

/// The whole of a regular file of at most `bytes_max`; else why not, as the end of a sentence about
/// it: "cannot be read: Permission denied". Neither a folder nor a pipe is waited for.
tl::expected<std::string, std::string> read_text_file(const std::string& path, std::size_t bytes_max);

}  // namespace rappel
