// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "message/sms.hpp"
#include "message/template.hpp"
#include "message/value.hpp"
#include "profile/channel.hpp"

// Template × values → the words of one message, for one channel, language and reading level.
//
//   auto catalogue = message::Catalogue::load("/usr/share/rappel/templates/messages");
//   catalogue->check("documents_missing", reminder.values);     // when a reminder is planned
//   catalogue->render({.message = "documents_missing", …});     // when it leaves

namespace rappel::message {

inline constexpr std::size_t templates_max = 500;
inline constexpr std::size_t subject_characters_max = 150;
inline constexpr std::size_t rendered_bytes_max = 64 * 1024;
inline constexpr std::size_t sms_segments_max = 6;

/// What to word, for whom and how.
struct Request {
  std::string message;  ///< the template's name
  Channel channel = Channel::email;
  Language language = Language::fr;
  ReadingLevel level = ReadingLevel::standard;
  boost::json::object values;  ///< those planned with the reminder
  Values standard;             ///< those of standard_values.hpp, known when it leaves
};

/// A message ready to leave. Holds personal facts.
struct Rendered {
  Language language = Language::fr;  ///< the one it was written in, whole
  std::string subject;               ///< one line without control characters; empty in an SMS
  std::string text;
  std::string html;          ///< of an email; empty otherwise
  std::string private_body;  ///< of the inbox; may be empty
  SmsEncoding encoding = SmsEncoding::gsm7;
  std::size_t segments = 0;      ///< of an SMS; 0 otherwise
  bool transliterated = false;   ///< the SMS lost accents or typography to stay in its alphabet
  std::string template_version;  ///< the template's hash
};

/// Every message of a folder. Immutable after load(): any thread. A value whose copies share the
/// templates.
class Catalogue {
 public:
  /// Without a message.
  Catalogue();
  /// Reads `<directory>/<language>/*.yaml` and `<directory>/layout.html.mustache`. All faults of
  /// all files are listed, each with file, line and column.
  static Checked<Catalogue> load(const std::string& directory);

  /// The names of all messages, sorted.
  [[nodiscard]] std::vector<std::string> names() const;
  /// The template in that language, else in another it exists in; nothing for an unknown name.
  [[nodiscard]] const Template* find(std::string_view name, Language language) const;
  /// Messages that are not there in every language: no fault, but somebody should know.
  [[nodiscard]] const std::vector<Problem>& notes() const;
  /// All templates, for the record of versions.
  [[nodiscard]] std::vector<const Template*> all() const;

  /// Whether a message could be worded from these values: `unknown_template`, `missing_value`,
  /// `unknown_value` or `wrong_value`. The problem names every fault; its `where` is the JSON
  /// pointer of the first ("/documents").
  [[nodiscard]] Expected<void> check(std::string_view name,
                                     const boost::json::object& values) const;
  [[nodiscard]] Expected<Rendered> render(const Request& request) const;

 private:
  struct Content;
  std::shared_ptr<const Content> content_;  // shared by the copies of this value
};

}  // namespace rappel::message
