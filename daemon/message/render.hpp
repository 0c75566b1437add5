// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "message/catalogue.hpp"
#include "message/mail_layout.hpp"

namespace rappel::message {

/// The words of one message from complete values (see complete_values()). `no_text` when the
/// template has none for the channel, `too_large` when the values make it longer than its limits.
Expected<Rendered> word(const Template& wanted, const MailLayout& layout, Channel channel,
                        ReadingLevel level, const Values& values);

}  // namespace rappel::message
