// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace rappel {

/// The ways a message can travel. A notifier serves exactly one.
enum class Channel { email, sms, inapp, push, letter, call, webhook };

/// Languages we write in. French first.
enum class Language { fr, en };

/// `plain` is FALC (facile à lire et à comprendre): a text of its own, never a shortened one.
enum class ReadingLevel { standard, plain };

std::string_view to_string(Channel channel);
std::string_view to_string(Language language);
std::string_view to_string(ReadingLevel level);
std::optional<Channel> parse_channel(std::string_view text);
std::optional<Language> parse_language(std::string_view text);
std::optional<ReadingLevel> parse_reading_level(std::string_view text);

}  // namespace rappel
