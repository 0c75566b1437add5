// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "api/http/message.hpp"

namespace rappel::api {

using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

struct ExchangeResult {
  std::string bytes;  ///< the whole response
  bool keep_alive = false;
};

/// Runs one whole, checked request through cpp-httplib in memory: it reads the head again (what it
/// reads otherwise than we did is refused: two parsers, one answer) and writes the response. It
/// never sees a socket, a body or a pattern, which is where its hostile inputs were. A handler that
/// throws answers 500 without a word of the exception.
ExchangeResult run_exchange(const std::string& head_bytes, const HttpRequest& request,
                            bool keep_alive, const HttpHandler& handler);

/// The response to what never became a request; the connection is to be closed.
std::string refusal_bytes(const Refusal& refusal, const std::string& request_id);

}  // namespace rappel::api
