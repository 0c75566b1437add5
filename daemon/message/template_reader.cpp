// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "message/standard_values.hpp"
#include "message/template.hpp"

namespace rappel::message {
namespace {

constexpr std::size_t name_characters_max = 60;

/// A name that mustache, ICU and JSON pointers all take as it is.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= name_characters_max && name.front() >= 'a' &&
         name.front() <= 'z' && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

/// Reads one file; small state, one pass.
class TemplateReader {
 public:
  TemplateReader(const YamlFile& file, Language language, std::vector<Problem>& problems)
      : file_(file), root_(file, file.root, problems), problems_(problems) {
    made_.language = language;
    made_.path = file.path;
    made_.source = file.text;
  }

  Template run() {
    made_.name = root_.required_text("name");
    if (!made_.name.empty() && !is_plain_name(made_.name))
      root_.wrong("name", "bad_name", "must be small letters, digits and _");
    if (!root_.has("version")) root_.missing("version");
    made_.version = int(root_.integer("version", 1, 1'000'000).value_or(1));
    made_.needs_due_date = root_.boolean("needs_due_date").value_or(false);
    if (auto map = root_.map("placeholders")) read_placeholders(*map);
    if (auto map = root_.map("phrases")) read_phrases(*map);
    read_texts(root_, ReadingLevel::standard);
    if (auto plain = root_.map("plain")) {
      read_texts(*plain, ReadingLevel::plain);
      plain->finish();
    }
    root_.finish();
    return std::move(made_);
  }

 private:
  void read_placeholders(YamlMap& map) {
    const auto names = map.keys();
    if (names.size() > placeholders_max)
      root_.wrong("placeholders", "too_many", fmt::format("at most {}", placeholders_max));
    for (const auto& name : names) {
      Placeholder placeholder;
      placeholder.name = name;
      placeholder.where = map.where(name);
      if (!is_plain_name(name)) map.wrong(name, "bad_name", "must be small letters, digits and _");
      if (map.node(name).IsMap()) {
        if (auto details = map.map(name)) read_details(*details, placeholder);
      } else if (const auto type = map.one_of(name, value_type_names())) {
        placeholder.type = *parse_value_type(*type);
      }
      check_standard_name(map, placeholder);
      made_.placeholders.push_back(std::move(placeholder));
    }
  }

  static void read_details(YamlMap& details, Placeholder& placeholder) {
    if (!details.has("type")) details.missing("type");
    if (const auto type = details.one_of("type", value_type_names()))
      placeholder.type = *parse_value_type(*type);
    placeholder.required = details.boolean("required").value_or(true);
    placeholder.multiline = details.boolean("multiline").value_or(false);
    const std::size_t most = placeholder.multiline ? multiline_characters_max : text_characters_max;
    placeholder.characters_max = std::size_t(
        details.integer("characters_max", 1, std::int64_t(most)).value_or(std::int64_t(most)));
    placeholder.default_text = details.text("default");
    if (placeholder.default_text) placeholder.required = false;
    const bool text = placeholder.type == ValueType::text;
    if (placeholder.default_text && !text)
      details.wrong("default", "wrong_type", "only a text may have a default");
    if (placeholder.multiline && !text)
      details.wrong("multiline", "wrong_type", "only a text may have several lines");
    details.finish();
  }

  void check_standard_name(YamlMap& map, const Placeholder& placeholder) {
    const auto* standard = find_standard_value(placeholder.name);
    if (standard != nullptr && standard->type != placeholder.type)
      map.wrong(placeholder.name, "wrong_type",
                fmt::format("is a standard value of the type {}", to_string(standard->type)));
  }

  void read_phrases(YamlMap& map) {
    const auto names = map.keys();
    if (names.size() > phrases_max)
      root_.wrong("phrases", "too_many", fmt::format("at most {}", phrases_max));
    for (const auto& name : names) {
      if (!is_plain_name(name)) map.wrong(name, "bad_name", "must be small letters, digits and _");
      if (made_.placeholder(name) != nullptr || find_standard_value(name) != nullptr)
        map.wrong(name, "duplicate_name", "is the name of a value already");
      const auto pattern = map.text(name);
      if (!pattern || too_long(map, name, *pattern)) continue;
      made_.phrases.emplace(
          name, Phrase::compile(*pattern, made_.language, SourcePosition(file_, map.node(name)),
                                problems_));
    }
  }

  void read_texts(YamlMap& map, ReadingLevel level) {
    const bool standard = level == ReadingLevel::standard;
    for (const Channel channel : {Channel::email, Channel::sms, Channel::inapp}) {
      const std::string name(to_string(channel));
      if (auto text = map.map(name)) {
        made_.texts.emplace(std::pair{channel, level}, read_text(*text, channel));
      } else if (standard) {
        map.missing(name);
      }
    }
  }

  ChannelText read_text(YamlMap& map, Channel channel) {
    ChannelText text;
    text.where = map.where();
    if (channel == Channel::sms) {
      text.text = required(map, "text");
      const auto alphabet = map.one_of("alphabet", {"gsm7", "any"});
      text.alphabet = alphabet == "any" ? Alphabet::any : Alphabet::gsm7;
    } else if (channel == Channel::email) {
      text.subject = one_line(map, "subject");
      text.text = required(map, "text");
    } else {
      text.subject = one_line(map, "title");
      text.text = required(map, "body");
      if (map.has("private")) text.private_body = required(map, "private");
    }
    map.finish();
    return text;
  }

  TextTemplate one_line(YamlMap& map, const std::string& key) {
    const auto text = map.text(key).value_or("");
    if (text.find_first_of("\r\n") != std::string::npos)
      map.wrong(key, "newline", "must be one line", "write it after the key, without |");
    return required(map, key);
  }

  TextTemplate required(YamlMap& map, const std::string& key) {
    auto text = map.required_text(key);
    if (map.has(key) && text.empty()) map.wrong(key, "empty", "must not be empty");
    if (text.empty() || too_long(map, key, text)) return {};
    return TextTemplate::compile(std::move(text), SourcePosition(file_, map.node(key)), problems_);
  }

  static bool too_long(YamlMap& map, const std::string& key, const std::string& text) {
    if (text.size() <= source_bytes_max) return false;
    map.wrong(key, "too_large", fmt::format("is longer than {} bytes", source_bytes_max));
    return true;
  }

  const YamlFile& file_;
  YamlMap root_;
  std::vector<Problem>& problems_;
  Template made_;
};

}  // namespace

Template read_template(const YamlFile& file, Language language, std::vector<Problem>& problems) {
  return TemplateReader(file, language, problems).run();
}

}  // namespace rappel::message
