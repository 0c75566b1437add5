// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "message/text_template.hpp"

namespace rappel::message {
namespace {

constexpr std::size_t section_depth_max = 5;
constexpr std::size_t tags_max = 500;

bool is_name(std::string_view text) {
  if (text == ".") return true;
  if (text.empty() || text.front() < 'a' || text.front() > 'z') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Reads the tags of one text from left to right.
class TagScan {
 public:
  TagScan(std::string_view source, const SourcePosition& position, std::vector<Problem>& problems)
      : source_(source), position_(position), problems_(problems) {}

  std::vector<Use> run() {
    for (std::size_t at = source_.find("{{"); at != std::string_view::npos;
         at = source_.find("{{", at)) {
      if (uses_.size() == tags_max) {
        wrong(at, "too_many_tags", fmt::format("has more than {} tags", tags_max));
        return {};
      }
      const auto end = source_.find("}}", at);
      if (end == std::string_view::npos) {
        wrong(at, "unclosed_tag", "a tag is opened and never closed", "close it with }}");
        return {};
      }
      tag(at, source_.substr(at + 2, end - at - 2));
      at = end + 2;
    }
    for (const auto& section : open_)
      wrong(section.offset, "unclosed_section",
            fmt::format("the section {{{{#{}}}}} is never closed", section.name),
            fmt::format("close it with {{{{/{}}}}}", section.name));
    return std::move(uses_);
  }

 private:
  void tag(std::size_t at, std::string_view inner) {
    const std::string_view content = trimmed(inner);
    const char sigil = content.empty() ? '\0' : content.front();
    if (sigil == '!') return;
    if (sigil == '{' || sigil == '&')
      return wrong(at, "raw_tag", "a raw tag would skip the escaping", "write {{name}}");
    if (sigil == '>') return wrong(at, "partial_tag", "partials are not accepted");
    if (sigil == '=') return wrong(at, "delimiter_tag", "other delimiters are not accepted");
    const bool section = sigil == '#' || sigil == '^' || sigil == '/';
    const std::string_view name = section ? trimmed(content.substr(1)) : content;
    if (!is_name(name) || (section && name == "."))
      return wrong(at, "bad_name", fmt::format("\"{}\" is not the name of a value", name),
                   "use small letters, digits and _");
    if (sigil == '/') return close(at, name);
    uses_.push_back({std::string(name),
                     sigil == '#'   ? UseKind::section
                     : sigil == '^' ? UseKind::inverted
                                    : UseKind::variable,
                     at, inside()});
    if (section) open(at, name, sigil == '^');
  }

  void open(std::size_t at, std::string_view name, bool inverted) {
    if (open_.size() == section_depth_max)
      wrong(at, "too_deep", fmt::format("sections nest more than {} deep", section_depth_max));
    open_.push_back({std::string(name), at, inverted});
  }

  void close(std::size_t at, std::string_view name) {
    if (open_.empty())
      return wrong(at, "unopened_section",
                   fmt::format("{{{{/{}}}}} closes a section that is not open", name));
    if (open_.back().name != name)
      wrong(at, "crossed_section",
            fmt::format("{{{{/{}}}}} closes the section \"{}\"", name, open_.back().name),
            "close the inner section first");
    open_.pop_back();
  }

  [[nodiscard]] std::vector<std::string> inside() const {
    std::vector<std::string> names;
    for (const auto& section : open_) names.push_back((section.inverted ? "^" : "") + section.name);
    return names;
  }

  void wrong(std::size_t at, std::string code, std::string detail, std::string mend = {}) {
    problems_.push_back({ProblemKind::invalid, std::move(code), std::move(detail),
                         position_.where(source_, at), std::move(mend)});
  }

  struct Open {
    std::string name;
    std::size_t offset;
    bool inverted;
  };

  std::string_view source_;
  const SourcePosition& position_;
  std::vector<Problem>& problems_;
  std::vector<Use> uses_;
  std::vector<Open> open_;
};

}  // namespace

std::vector<Use> scan_tags(std::string_view source, const SourcePosition& position,
                           std::vector<Problem>& problems) {
  return TagScan(source, position, problems).run();
}

}  // namespace rappel::message
