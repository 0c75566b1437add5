// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// What an SMS costs, after 3GPP TS 23.038 (alphabets) and 23.040 (parts). Pure.
//
// The alphabet's septet 0x09 is a capital C cedilla in the standard, a small one in Unicode's own
// table, and gateways disagree. Parts are counted after the standard: Ç is inside, ç is outside. What
// we write in the alphabet has neither, so that no gateway turns one into the other.

namespace rappel::message {

enum class SmsEncoding { gsm7, ucs2 };
std::string_view to_string(SmsEncoding encoding);

struct SmsSegments {
  SmsEncoding encoding = SmsEncoding::gsm7;
  std::size_t segments = 0;  ///< parts that are billed; 1 for an empty text
  bool operator==(const SmsSegments&) const = default;
};

/// GSM-7: 160 septets alone, 153 per part; a character of the extension table takes two and is
/// never split. UCS-2: 70 UTF-16 units alone, 67 per part; a surrogate pair is never split.
SmsSegments sms_segments(std::string_view text);

/// The same words in the GSM-7 alphabet: typographic apostrophes, quotes, dashes and spaces become
/// plain ones, œ becomes oe, letters with a foreign accent lose it.
struct Gsm7Text {
  std::string text;
  bool changed = false;   ///< something was replaced
  bool complete = false;  ///< all of it fits; otherwise `text` is the original, to go as UCS-2
};
Gsm7Text to_gsm7(std::string_view text);

}  // namespace rappel::message
