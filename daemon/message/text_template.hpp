// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/problem.hpp"
#include "message/source_position.hpp"

namespace rappel::message {

/// What a text is filled with: a string, a section switch, or the lines of a list.
using Field = std::variant<std::string, bool, std::vector<std::string>>;
using Fields = std::map<std::string, Field, std::less<>>;

enum class UseKind { variable, section, inverted };

/// One tag of a text, for the checks at load.
struct Use {
  std::string name;  ///< "." is the line of the list around it
  UseKind kind = UseKind::variable;
  std::size_t offset = 0;
  /// The sections around it, from the outside in; an inverted one begins with '^'.
  std::vector<std::string> inside;
};

/// A mustache text of the logic-less part we accept: {{name}}, {{#name}}…{{/name}},
/// {{^name}}…{{/name}}, {{.}} and {{! comments }}. Raw tags, partials and other delimiters are
/// refused, so no value is ever read as a template. Nothing is escaped: this makes plain text.
///
/// Thread rule: immutable after compile(); render from any thread. Copies share the parse.
class TextTemplate {
 public:
  TextTemplate();
  /// Every fault is added to `problems` with its line and column; the text is then empty.
  static TextTemplate compile(std::string source, const SourcePosition& position,
                              std::vector<Problem>& problems);

  [[nodiscard]] bool empty() const;
  [[nodiscard]] const std::vector<Use>& uses() const;
  [[nodiscard]] std::string where(const Use& use) const;
  /// Throws std::logic_error when a name is not in `fields`: the checks at load make that a wrong
  /// program, and a message with a hole must not leave.
  [[nodiscard]] std::string render(const Fields& fields) const;

 private:
  struct Parsed;
  std::shared_ptr<const Parsed> parsed_;  // shared by the copies of this value
};

/// The tags of a mustache text, checked. Also used for the layout of mails.
std::vector<Use> scan_tags(std::string_view source, const SourcePosition& position,
                           std::vector<Problem>& problems);

}  // namespace rappel::message
