// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>
#include <rappel/plugin.h>

#include <memory>
#include <string>
#include <vector>

#include "settings.hpp"

namespace rappel::email {

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

struct FreeMime {
  void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};
using Mime = std::unique_ptr<curl_mime, FreeMime>;

/// Adds a line; throws std::bad_alloc.
void append(List& list, const std::string& line);

/// The header lines of the mail, in order. Throws std::invalid_argument for one that is not safe.
std::vector<std::string> header_lines(const rappel_message& message, const Settings& settings);

/// A text part and, when there is one, an HTML part, both quoted-printable.
Mime body_of(CURL* handle, const rappel_message& message);

}  // namespace rappel::email
