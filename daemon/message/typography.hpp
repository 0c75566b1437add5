// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "message/value.hpp"
#include "profile/channel.hpp"

// How values look in a sentence. Written by hand and not taken from ICU: its time zones are old,
// its French has no "1er", and two views of one date in one pattern collapse. Pure.

namespace rappel::message {

/// "mardi 13 octobre 2026", "jeudi 1er janvier 2026"; "Tuesday 13 October 2026".
std::string format_date(CivilDate date, Language language);
/// "13/10/2026"; "13 Oct 2026", whose month nobody can take for the day.
std::string format_date_short(CivilDate date, Language language);
/// "1 234,50 €" with a narrow and a wide no-break space; "€1,234.50".
std::string format_amount(Cents amount, Language language);
/// "1 000 000" with narrow no-break spaces; "1,000,000".
std::string format_count(std::int64_t count, Language language);

/// One line without control, direction or invisible characters; spaces in a row become one.
/// Safe as the value of a mail header.
std::string single_line(std::string_view text);
/// The same line by line; at most one empty line in a row, none at the ends.
std::string tidy_lines(std::string_view text);
bool is_valid_utf8(std::string_view text);
/// Unicode code points of a valid text.
std::size_t character_count(std::string_view text);
/// At most `characters_max` code points; a cut text ends with "…".
std::string cut(std::string_view text, std::size_t characters_max);

}  // namespace rappel::message
