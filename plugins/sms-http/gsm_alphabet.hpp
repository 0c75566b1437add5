// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace rappel::sms_http {

/// Whether every character of a UTF-8 text is in the GSM 7-bit default alphabet or its extension
/// table (3GPP TS 23.038, 6.2.1). ç, ê, û, œ and typographic quotes are not; é, è, à, ù and € are.
/// A gateway told otherwise replaces them silently.
bool fits_gsm_alphabet(std::string_view text);

}  // namespace rappel::sms_http
