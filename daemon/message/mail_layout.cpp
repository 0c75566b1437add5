// SPDX-License-Identifier: Apache-2.0
#include "message/mail_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>

#include "base/nearest.hpp"
#include "base/text_file.hpp"
#include "message/text_template.hpp"

namespace rappel::message {
namespace {

namespace engine = kainjow::mustache;

constexpr std::size_t layout_bytes_max = 64 * 1024;
constexpr std::string_view bullet = "- ";

const std::vector<std::string>& layout_names() {
  static const std::vector<std::string> names{"language", "title", "large", "blocks", "list",
                                              "lines",    "text",  "more",  "link"};
  return names;
}

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(separator, at), text.size());
    if (end > at) parts.emplace_back(text.substr(at, end - at));
    at = end + separator.size();
  }
  return parts;
}

engine::data line_data(std::string_view line, std::string_view link, bool more) {
  engine::data data;
  data.set("text", std::string(line));
  data.set("link", !link.empty() && line == link);
  data.set("more", more);
  return data;
}

/// One paragraph or one list.
engine::data block_data(const std::vector<std::string>& lines, bool list, std::string_view link) {
  engine::data items{engine::data::type::list};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    items.push_back(
        line_data(list ? line.substr(bullet.size()) : line, link, i + 1 < lines.size()));
  }
  engine::data block;
  block.set("list", list);
  block.set("lines", items);
  return block;
}

/// A paragraph may lead straight into a list and out of it again.
void append_blocks(engine::data& blocks, const std::string& paragraph, std::string_view link) {
  const auto lines = split(paragraph, "\n");
  for (auto from = lines.begin(); from != lines.end();) {
    const bool list = from->starts_with(bullet);
    const auto to = std::find_if(from, lines.end(), [&](const std::string& line) {
      return line.starts_with(bullet) != list;
    });
    blocks.push_back(block_data({from, to}, list, link));
    from = to;
  }
}

}  // namespace

struct MailLayout::Parsed {
  explicit Parsed(std::string text) : source(std::move(text)), mustache(source) {}
  std::string source;
  // As in TextTemplate: rendering only reads, though the engine's interface does not say so.
  mutable engine::mustache mustache;
};

MailLayout::MailLayout() : parsed_(std::make_shared<Parsed>(std::string())) {}

MailLayout MailLayout::load(const std::string& path, std::vector<Problem>& problems) {
  const auto before = problems.size();
  auto read = read_text_file(path, layout_bytes_max);
  if (!read)
    problems.push_back({ProblemKind::invalid, "unreadable", read.error(), path,
                        "every mail needs the layout"});
  std::string source = std::move(read).value_or("");
  const auto position = SourcePosition::of_file(path);
  for (const auto& use : scan_tags(source, position, problems)) {
    const auto& names = layout_names();
    if (use.name == "." || std::find(names.begin(), names.end(), use.name) == names.end()) {
      const auto nearest = nearest_name(use.name, names);
      problems.push_back({ProblemKind::invalid, "unknown_placeholder",
                          fmt::format("\"{}\" is not a value of the layout", use.name),
                          position.where(source, use.offset),
                          nearest.empty() ? "" : fmt::format("did you mean \"{}\"?", nearest)});
    }
  }
  MailLayout layout;
  if (problems.size() == before) layout.parsed_ = std::make_shared<Parsed>(std::move(source));
  return layout;
}

const std::string& MailLayout::source() const {
  return parsed_->source;
}

std::string MailLayout::render(const MailContent& content) const {
  engine::data blocks{engine::data::type::list};
  for (const auto& paragraph : split(content.text, "\n\n"))
    append_blocks(blocks, paragraph, content.link);
  engine::data page;
  page.set("language", std::string(to_string(content.language)));
  page.set("title", content.title);
  page.set("large", content.large);
  page.set("blocks", blocks);
  return parsed_->mustache.render(page);
}

}  // namespace rappel::message
