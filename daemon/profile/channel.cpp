// SPDX-License-Identifier: Apache-2.0
#include "profile/channel.hpp"

#include <array>
#include <utility>

namespace rappel {
namespace {

template <typename Enum, std::size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

constexpr Names<Channel, 7> channel_names{{{Channel::email, "email"},
                                           {Channel::sms, "sms"},
                                           {Channel::inapp, "inapp"},
                                           {Channel::push, "push"},
                                           {Channel::letter, "letter"},
                                           {Channel::call, "call"},
                                           {Channel::webhook, "webhook"}}};
constexpr Names<Language, 2> language_names{{{Language::fr, "fr"}, {Language::en, "en"}}};
constexpr Names<ReadingLevel, 2> level_names{
    {{ReadingLevel::standard, "standard"}, {ReadingLevel::plain, "plain"}}};

template <typename Enum, std::size_t N>
std::string_view name_of(const Names<Enum, N>& names, Enum value) {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  return "?";
}

template <typename Enum, std::size_t N>
std::optional<Enum> value_of(const Names<Enum, N>& names, std::string_view text) {
  for (const auto& [value, name] : names) {
    if (name == text) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Channel channel) { return name_of(channel_names, channel); }
std::string_view to_string(Language language) { return name_of(language_names, language); }
std::string_view to_string(ReadingLevel level) { return name_of(level_names, level); }
std::optional<Channel> parse_channel(std::string_view text) {
  return value_of(channel_names, text);
}
std::optional<Language> parse_language(std::string_view text) {
  return value_of(language_names, text);
}
std::optional<ReadingLevel> parse_reading_level(std::string_view text) {
  return value_of(level_names, text);
}

}  // namespace rappel
