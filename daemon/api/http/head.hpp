// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/limits.hpp"
#include "api/http/message.hpp"

// The head of a request, read strictly: what two parsers could read in two ways is refused, and the
// connection closed, so that no byte of a body is ever taken for a request. Pure.

namespace rappel::api {

/// How far the bytes of a head have come.
enum class HeadProgress { incomplete, complete, malformed };
struct HeadScan {
  HeadProgress progress = HeadProgress::incomplete;
  std::size_t length = 0;  ///< of the whole head with its empty line, when complete
};

/// Looks for the end of a head; `from` is how many bytes an earlier scan has already seen. A line
/// that ends in a bare LF, or a first byte that no method has, is malformed at once.
HeadScan scan_head(std::string_view bytes, std::size_t from);

struct Head {
  std::string method;
  std::string target;
  std::vector<Header> headers;  ///< names in lower case, values trimmed
  std::optional<std::size_t> content_length;
  bool chunked = false;
  bool expects_continue = false;
  bool keep_alive = true;
};

/// Reads a complete head. Any refusal means that the connection must be closed.
Served<Head> parse_head(std::string_view bytes, const HttpOptions& limits);

/// What to say of a head that is over the limit before its end was seen.
Refusal head_too_large(std::string_view bytes);

}  // namespace rappel::api
