// SPDX-License-Identifier: Apache-2.0
#include "api/http/peer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>

namespace rappel::api {
namespace {

bool is_address(const std::string& text) {
  in6_addr buffer{};
  return ::inet_pton(AF_INET, text.c_str(), &buffer) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), &buffer) == 1;
}

}  // namespace

std::string peer_name(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = nullptr;
  if (address.ss_family == AF_INET)
    bytes = &reinterpret_cast<const sockaddr_in*>(&address)->sin_addr;
  else if (address.ss_family == AF_INET6)
    bytes = &reinterpret_cast<const sockaddr_in6*>(&address)->sin6_addr;
  if (bytes == nullptr) return "unix";
  ::inet_ntop(address.ss_family, bytes, text.data(), text.size());
  return text.data();
}

std::string client_of(const HttpRequest& request, const std::vector<std::string>& trusted_proxies) {
  const auto* forwarded = request.header("x-forwarded-for");
  if (forwarded == nullptr || std::find(trusted_proxies.begin(), trusted_proxies.end(),
                                        request.peer) == trusted_proxies.end())
    return request.peer;
  const auto comma = forwarded->rfind(',');
  auto last = comma == std::string::npos ? *forwarded : forwarded->substr(comma + 1);
  last.erase(0, last.find_first_not_of(' '));
  return is_address(last) ? last : request.peer;
}

}  // namespace rappel::api
