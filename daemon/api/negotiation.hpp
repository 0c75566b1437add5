// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rappel::api {

/// Which of our offers a header Accept or Accept-Language asks for (RFC 9110, 12.5): the one with the
/// highest quality; of those, the one that stands first in the header. The first offer when there is
/// no header or it accepts none of them: an answer in another form helps more than none. `header` may
/// be null. Offers are media types or languages in lower case.
std::size_t preferred_offer(const std::string* header, std::span<const std::string_view> offers);

}  // namespace rappel::api
