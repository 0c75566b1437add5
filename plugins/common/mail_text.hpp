// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// The text of mail headers (RFC 5322, RFC 2047), for every notifier that writes mail. Pure.
namespace rappel::mail {

/// RFC 5322, 2.1.1, without the line's end.
inline constexpr std::size_t line_bytes_max = 998;

/// CR, LF or another control character, which would end or forge a header line.
bool breaks_a_header(std::string_view text);

/// Whether `text` may be given to a relay as one recipient: local@domain without white space,
/// quotes, brackets or control characters, at most 254 bytes (RFC 5321, 4.5.3.1.3).
bool is_address(std::string_view text);

/// Whether `name` is a header's name: printable ASCII without a colon.
bool is_header_name(std::string_view name);

/// `text` as it stands when ASCII, else as encoded words, folded.
std::string encoded(std::string_view text);

/// `"name" <address>`, the name quoted or encoded as needed.
std::string mailbox(std::string_view name, std::string_view address);

/// "Tue, 24 Nov 2026 08:00:00 +0000", of microseconds since 1970 in UTC.
std::string date(std::int64_t microseconds);

/// "name: value" with `value` already encoded. Throws std::invalid_argument when a line of it is
/// longer than line_bytes_max.
std::string header_line(std::string_view name, std::string_view value);

/// Throws std::invalid_argument when `text` breaks a header; returns it otherwise.
std::string_view safe(std::string_view text);

/// Every line end, whichever it was, as CR LF: no bare CR or LF leaves for a relay.
std::string with_crlf(std::string_view text);

}  // namespace rappel::mail
