// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/strict_yaml.hpp"
#include "message/phrase.hpp"
#include "message/text_template.hpp"
#include "message/value.hpp"
#include "profile/channel.hpp"

namespace rappel::message {

inline constexpr std::size_t placeholders_max = 40;
inline constexpr std::size_t phrases_max = 40;
inline constexpr std::size_t text_characters_max = 1000;       ///< of a value, one line
inline constexpr std::size_t multiline_characters_max = 4000;  ///< of a value, several lines
inline constexpr std::size_t list_items_max = 50;
inline constexpr std::size_t source_bytes_max = 16 * 1024;  ///< of one text of a template

/// One value that a template asks of whoever plans the message.
struct Placeholder {
  std::string name;
  ValueType type = ValueType::text;
  bool required = true;
  bool multiline = false;
  std::size_t characters_max = text_characters_max;
  std::optional<std::string> default_text;  ///< of a text that may be left out
  std::string where;                        ///< of its declaration

  /// A text can count on it.
  [[nodiscard]] bool always_there() const { return required || default_text.has_value(); }
};

enum class Alphabet { gsm7, any };

/// The words of one message on one channel at one reading level.
struct ChannelText {
  TextTemplate subject;  ///< of an email; the title in the inbox; empty in an SMS
  TextTemplate text;
  TextTemplate private_body;  ///< inbox only: what is shown after the reader has signed in
  Alphabet alphabet = Alphabet::gsm7;
  std::string where;

  [[nodiscard]] std::vector<const TextTemplate*> parts() const {
    return {&subject, &text, &private_body};
  }
};

/// One message in one language: a checked file. Immutable.
struct Template {
  std::string name;
  int version = 1;
  Language language = Language::fr;
  bool needs_due_date = false;  ///< makes no sense without due_on and days_left
  std::vector<Placeholder> placeholders;
  std::map<std::string, Phrase, std::less<>> phrases;
  std::map<std::pair<Channel, ReadingLevel>, ChannelText> texts;
  std::string path;
  std::string source;  ///< the file itself, for the record of template versions
  std::string hash;    ///< BLAKE2b-256 of the source and the layout, 64 hexadecimal digits

  [[nodiscard]] const Placeholder* placeholder(std::string_view wanted) const {
    for (const auto& one : placeholders) {
      if (one.name == wanted) return &one;
    }
    return nullptr;
  }
  /// The reading level's own text; the standard one where there is none.
  [[nodiscard]] const ChannelText* text(Channel channel, ReadingLevel level) const {
    auto found = texts.find({channel, level});
    if (found == texts.end()) found = texts.find({channel, ReadingLevel::standard});
    return found == texts.end() ? nullptr : &found->second;
  }
};

/// Reads one file and checks its shape; `language` is the folder's. Faults go to `problems`.
Template read_template(const YamlFile& file, Language language, std::vector<Problem>& problems);

/// Checks what the texts say against what is declared: unknown and unused names, types, values that
/// may be absent, and what every message must name.
void check_template(const Template& checked, std::vector<Problem>& problems);

}  // namespace rappel::message
