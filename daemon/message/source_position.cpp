// SPDX-License-Identifier: Apache-2.0
#include "message/source_position.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rappel::message {
namespace {

std::string_view line_at(std::string_view text, std::size_t number) {
  for (; number > 0; --number) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

}  // namespace

SourcePosition::SourcePosition(const YamlFile& file, const YAML::Node& node) : path_(file.path) {
  const auto mark = node.Mark();
  line_ = std::size_t(std::max(mark.line, 0));
  first_column_ = std::size_t(std::max(mark.column, 0));
  const std::string_view line = line_at(file.text, line_);
  const char opening = first_column_ < line.size() ? line[first_column_] : '\0';
  if (opening == '|') {
    ++line_;
    std::string_view next = line_at(file.text, line_);
    while (next.find_first_not_of(" \r") == std::string_view::npos && !next.empty())
      next = line_at(file.text, ++line_);
    indent_ = first_column_ = std::min(next.find_first_not_of(' '), next.size());
  } else {
    if (opening == '"' || opening == '\'') ++first_column_;
    const auto& value = node.Scalar();
    exact_ = line.find(value, std::min(first_column_, line.size())) == first_column_;
  }
}

SourcePosition SourcePosition::of_file(std::string path) {
  SourcePosition position;
  position.path_ = std::move(path);
  return position;
}

std::string SourcePosition::where(std::string_view text, std::size_t offset) const {
  if (!exact_) return fmt::format("{}:{}:{}", path_, line_ + 1, first_column_ + 1);
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto newlines = std::size_t(std::count(before.begin(), before.end(), '\n'));
  const auto last = before.rfind('\n');
  const std::size_t column =
      newlines == 0 ? first_column_ + before.size() : indent_ + before.size() - last - 1;
  return fmt::format("{}:{}:{}", path_, line_ + newlines + 1, column + 1);
}

}  // namespace rappel::message
