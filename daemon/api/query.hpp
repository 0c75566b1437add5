// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "api/http/message.hpp"
#include "base/id.hpp"
#include "store/store.hpp"

namespace rappel::api {

/// Percent-decoding without a second reading: every "%" has two hexadecimal digits, and what comes out
/// is UTF-8 without control characters. Nothing otherwise.
std::optional<std::string> percent_decoded(std::string_view text);

using Query = std::map<std::string, std::string, std::less<>>;
/// "a=1&b=2". Refuses (400) names given twice and what cannot be decoded.
Served<Query> parse_query(std::string_view text);

/// "limit" and "cursor" of a list; refuses every other parameter, a limit out of range and a cursor
/// that we did not give for this list to this tenant. `list` names the list: its route and path.
Served<store::PageRequest> page_request(const Query& query, TenantId tenant,
                                        std::string_view list);
/// The store's cursor as we show it; empty stays empty. Not a secret: a checksum that ties it to its
/// list.
std::string shown_cursor(std::string_view cursor, TenantId tenant, std::string_view list);

}  // namespace rappel::api
