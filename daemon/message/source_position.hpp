// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/strict_yaml.hpp"

namespace rappel::message {

/// Where the characters of one YAML text stand in its file, so that a fault inside a template is
/// named with its own line and column. Exact for block texts (|) and for texts on one line; a
/// folded text is named by where it begins.
class SourcePosition {
 public:
  SourcePosition() = default;
  SourcePosition(const YamlFile& file, const YAML::Node& node);
  /// A text that is a whole file.
  static SourcePosition of_file(std::string path);

  /// "file:line:column" of the byte at `offset` of `text`, counted from 1.
  [[nodiscard]] std::string where(std::string_view text, std::size_t offset) const;

 private:
  std::string path_;
  std::size_t line_ = 0;  ///< of the text's first character, from 0
  std::size_t first_column_ = 0;
  std::size_t indent_ = 0;  ///< of the lines after the first
  bool exact_ = true;
};

}  // namespace rappel::message
