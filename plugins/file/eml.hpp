// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rappel/plugin.h>

#include <string>

namespace rappel::file_notifier {

/// The message as a mail program reads it: headers, a text part and, when there is one, an HTML
/// part, both 8-bit. Throws std::invalid_argument for a header that would break a line.
std::string eml(const rappel_message& message, const std::string& domain);

/// The message as a person reads it: a few "name: value" lines, an empty line, the text. Throws
/// std::invalid_argument for a value that would break a line.
std::string plain(const rappel_message& message);

}  // namespace rappel::file_notifier
