// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <string>
#include <vector>

#include "api/http/message.hpp"

namespace rappel::api {

/// "192.0.2.7", "2001:db8::1" or "unix".
std::string peer_name(const sockaddr_storage& address);

/// Who really asks: the socket's peer, or, when that is a proxy we trust, the last address of its
/// X-Forwarded-For. What anybody else writes there is ignored.
std::string client_of(const HttpRequest& request, const std::vector<std::string>& trusted_proxies);

}  // namespace rappel::api
