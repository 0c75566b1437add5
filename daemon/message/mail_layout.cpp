// SPDX-License-Identifier: Apache-2.0
#include "message/mail_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <kainjow/mustache.hpp>
#include <sstream>

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

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(separator, at), text.size());
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end + separator.size();
  }
  return parts;
}

/// As many items as there are, whose content is asked for one by one.
engine::data items(std::size_t count) {
  engine::data list{engine::data::type::list};
  for (std::size_t i = 0; i < count; ++i) list.push_back(engine::data(true));
  return list;
}

/// One paragraph or one list.
struct Block {
  Block(std::vector<std::string_view> of, bool is_list)
      : lines(std::move(of)), list(is_list), line_items(items(lines.size())) {}
  std::vector<std::string_view> lines;
  bool list;
  engine::data line_items;
};

/// A paragraph may lead straight into a list and out of it again.
void append_blocks(std::vector<Block>& blocks, std::string_view paragraph) {
  const auto lines = split(paragraph, "\n");
  for (auto from = lines.begin(); from != lines.end();) {
    const bool list = from->starts_with(bullet);
    const auto to = std::find_if(from, lines.end(), [&](std::string_view line) {
      return line.starts_with(bullet) != list;
    });
    blocks.emplace_back(std::vector(from, to), list);
    from = to;
  }
}

/// Answers what the layout asks for, where it stands. The engine's own data would copy every line once
/// for each level that it lies in, which is half of what a mail costs.
class LayoutContext final : public engine::basic_context<std::string> {
 public:
  explicit LayoutContext(const MailContent& content) : content_(content) {
    for (const auto paragraph : split(content.text, "\n\n")) append_blocks(blocks_, paragraph);
    block_items_ = items(blocks_.size());
  }

  void push(const engine::data* data) override { around_.push_back(data); }
  void pop() override { around_.pop_back(); }
  [[nodiscard]] const engine::data* get_partial(const std::string&) const override {
    return nullptr;
  }

  [[nodiscard]] const engine::data* get(const std::string& name) const override {
    if (name == "blocks") return &block_items_;
    if (name == "large") return flag(content_.large);
    if (name == "language") return text(to_string(content_.language));
    if (name == "title") return text(content_.title);
    const auto at = place(block_items_);
    if (!at) return nullptr;
    const Block& block = blocks_[*at];
    if (name == "list") return flag(block.list);
    if (name == "lines") return &block.line_items;
    const auto line_at = place(block.line_items);
    if (!line_at) return nullptr;
    const auto line = block.lines[*line_at].substr(block.list ? bullet.size() : 0);
    if (name == "text") return text(line);
    if (name == "link") return flag(!content_.link.empty() && line == content_.link);
    if (name == "more") return flag(*line_at + 1 < block.lines.size());
    return nullptr;
  }

 private:
  /// In which item of a list we are.
  [[nodiscard]] std::optional<std::size_t> place(const engine::data& list) const {
    const auto& all = list.list_value();
    for (auto data = around_.rbegin(); data != around_.rend(); ++data) {
      const std::less<> before;  // of pointers that need not be of one array
      if (!all.empty() && !before(*data, all.data()) && before(*data, all.data() + all.size()))
        return std::size_t(*data - all.data());
    }
    return std::nullopt;
  }

  [[nodiscard]] const engine::data* flag(bool on) const { return on ? &yes_ : &no_; }
  /// Stays until the next text is asked for: the engine writes it out before.
  [[nodiscard]] const engine::data* text(std::string_view text) const {
    text_ = engine::data(std::string(text));
    return &text_;
  }

  const MailContent& content_;
  std::vector<Block> blocks_;
  engine::data block_items_;
  std::vector<const engine::data*> around_;
  const engine::data yes_{true}, no_{false};
  // The engine's interface is const; a context lives for one render on one thread.
  mutable engine::data text_;
};

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
  LayoutContext context(content);
  std::ostringstream out;
  parsed_->mustache.render(context, out);
  return out.str();
}

}  // namespace rappel::message
