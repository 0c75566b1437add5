// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace rappel::file_notifier {

/// Writes `content` as `folder`/new/`name`, by way of `folder`/tmp: readers see a whole file or
/// none, and after a return it survives a power cut. A name that is taken gets a number, so that a
/// message sent twice is seen twice. Throws std::system_error. Returns the name used.
std::string deliver(const std::string& folder, const std::string& name, const std::string& suffix,
                    const std::string& content);

/// tmp/, new/ and cur/, private to the user. Throws std::filesystem::filesystem_error.
void prepare(const std::string& folder);

/// `text` with only characters that are harmless in a file name, at most 100 bytes.
std::string safe_name(const std::string& text);

}  // namespace rappel::file_notifier
