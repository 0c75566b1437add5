// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "profile/channel.hpp"

namespace rappel::message {

/// What a mail shows: its text is the plain text part, and the HTML part is made from it.
struct MailContent {
  Language language = Language::fr;
  std::string title;
  std::string text;    ///< paragraphs between empty lines; lines that begin with "- " make a list
  std::string link;    ///< a line that says exactly this becomes a link; empty: none
  bool large = false;  ///< bigger letters, for the plain reading level
};

/// The one HTML page around every mail: layout.html.mustache. Everything is escaped by the engine:
/// raw tags are refused, so neither a value nor a template can bring markup of its own.
///
/// Thread rule: immutable; render from any thread.
class MailLayout {
 public:
  MailLayout();
  static MailLayout load(const std::string& path, std::vector<Problem>& problems);

  [[nodiscard]] const std::string& source() const;
  [[nodiscard]] std::string render(const MailContent& content) const;

 private:
  struct Parsed;
  std::shared_ptr<const Parsed> parsed_;  // shared by the copies of this value
};

}  // namespace rappel::message
