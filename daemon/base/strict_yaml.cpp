// SPDX-License-Identifier: Apache-2.0
#include "base/strict_yaml.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <sstream>

#include "base/nearest.hpp"
#include "base/text_file.hpp"
#include "base/utf8.hpp"
#include "base/yaml_syntax.hpp"

namespace rappel {
namespace {

Problem yaml_problem(std::string where, std::string code, std::string detail,
                     std::string mend = {}) {
  return {ProblemKind::invalid, std::move(code), std::move(detail), std::move(where),
          std::move(mend)};
}

std::string at_mark(const std::string& path, const YAML::Mark& mark) {
  if (mark.is_null()) return path;
  return fmt::format("{}:{}:{}", path, mark.line + 1, mark.column + 1);
}

/// Walks the event stream of the parser, before any node is built: an alias bomb is never expanded.
class ShapeCheck : public YAML::EventHandler {
 public:
  ShapeCheck(const std::string& path, std::vector<Problem>& problems)
      : path_(path), problems_(problems) {}

  [[nodiscard]] bool clean() const { return clean_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t anchor) override { refuse_anchor({}, anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    wrong(mark, "yaml_alias", "aliases (*name) are not accepted", "write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (value.find('\0') != std::string::npos)
      wrong(mark, "yaml_nul", "a NUL character is not accepted");
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor);
  }
  void OnSequenceEnd() override { --depth_; }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor);
  }
  void OnMapEnd() override { --depth_; }

 private:
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (++depth_ == yaml_depth_max + 1)
      wrong(mark, "yaml_depth", fmt::format("is nested more than {} levels deep", yaml_depth_max));
  }
  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) wrong(mark, "yaml_anchor", "anchors (&name) are not accepted");
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!")
      wrong(mark, "yaml_tag", fmt::format("the tag {} is not accepted", tag));
  }
  void wrong(const YAML::Mark& mark, std::string code, std::string detail, std::string mend = {}) {
    clean_ = false;
    problems_.push_back(yaml_problem(at_mark(path_, mark), std::move(code), std::move(detail),
                                     std::move(mend)));
  }

  const std::string& path_;
  std::vector<Problem>& problems_;
  int depth_ = 0;
  bool clean_ = true;
};

bool check_shape(const YamlFile& file, std::vector<Problem>& problems) {
  std::istringstream stream(file.text);
  YAML::Parser parser(stream);
  ShapeCheck shape(file.path, problems);
  parser.HandleNextDocument(shape);
  std::vector<Problem> ignored;
  ShapeCheck second(file.path, ignored);
  if (parser.HandleNextDocument(second)) {
    problems.push_back(yaml_problem(file.path, "yaml_documents",
                                    "holds more than one YAML document", "remove the second ---"));
    return false;
  }
  return shape.clean();
}

bool refuse_duplicates(const std::string& path, const YAML::Node& node,
                       std::vector<Problem>& problems) {
  bool clean = true;
  if (node.IsMap()) {
    std::set<std::string> seen;
    for (const auto& item : node) {
      if (!item.first.IsScalar()) {
        problems.push_back(yaml_problem(yaml_where(path, item.first), "yaml_key",
                                        "a key must be a plain word"));
        clean = false;
      } else if (!seen.insert(item.first.Scalar()).second) {
        problems.push_back(yaml_problem(yaml_where(path, item.first), "duplicate_key",
                                        fmt::format("\"{}\" stands twice", item.first.Scalar()),
                                        "keep one of the two"));
        clean = false;
      }
      clean = refuse_duplicates(path, item.second, problems) && clean;
    }
  } else if (node.IsSequence()) {
    for (const auto& item : node) clean = refuse_duplicates(path, item, problems) && clean;
  }
  return clean;
}

}  // namespace

std::string yaml_where(const std::string& path, const YAML::Node& node) {
  return node.IsDefined() ? at_mark(path, node.Mark()) : path;
}

/// A file that an old editor saved in its own encoding reads well and breaks what is made of it.
static bool check_encoding(const YamlFile& file, std::vector<Problem>& problems) {
  std::string_view rest = file.text;
  for (int line = 1, column = 1; !rest.empty(); ++column) {
    const auto length = utf8_length(rest);
    if (length == 0) {
      problems.push_back(yaml_problem(fmt::format("{}:{}:{}", file.path, line, column), "not_utf8",
                                      "holds a byte that is not UTF-8",
                                      "save the file in UTF-8, not in Latin-1 or Windows-1252"));
      return false;
    }
    if (rest.front() == '\n') {
      ++line;
      column = 0;
    }
    rest.remove_prefix(length);
  }
  return true;
}

/// `number` counts from 0.
static std::string_view line_of(std::string_view text, int number) {
  for (; number > 0 && !text.empty(); --number)
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text.substr(0, text.find('\n'));
}

YamlFile parse_yaml(std::string path, std::string text, std::vector<Problem>& problems) {
  YamlFile file{std::move(path), YAML::Node(YAML::NodeType::Undefined), std::move(text)};
  if (file.text.size() > yaml_bytes_max) {
    problems.push_back(yaml_problem(file.path, "too_large",
                                    fmt::format("is larger than {} bytes", yaml_bytes_max)));
    return file;
  }
  if (!check_encoding(file, problems)) return file;
  try {
    if (!check_shape(file, problems)) return file;
    YAML::Node root = YAML::Load(file.text);
    if (!refuse_duplicates(file.path, root, problems)) return file;
    file.root.reset(root);
  } catch (const YAML::Exception& e) {
    problems.push_back(yaml_problem(at_mark(file.path, e.mark), "yaml_syntax", e.msg,
                                    std::string(yaml_mend(e.msg, line_of(file.text, e.mark.line)))));
  }
  return file;
}

YamlFile load_yaml(const std::string& path, std::vector<Problem>& problems) {
  auto text = read_text_file(path, yaml_bytes_max);
  if (!text) {
    problems.push_back(yaml_problem(path, "unreadable", text.error(),
                                    "check that the file exists and its permissions"));
    return {path, YAML::Node(YAML::NodeType::Undefined), {}};
  }
  return parse_yaml(path, std::move(*text), problems);
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || count < 0 || count > 1'000'000'000) return std::nullopt;
  const std::string_view unit(end, std::size_t(text.data() + text.size() - end));
  if (unit == "ms") return std::chrono::milliseconds{count};
  if (unit == "s") return std::chrono::seconds{count};
  if (unit == "m") return std::chrono::minutes{count};
  if (unit == "h") return std::chrono::hours{count};
  if (unit == "d") return std::chrono::hours{24 * count};
  return std::nullopt;
}

std::optional<std::string> yaml_scalar(const std::string& path, const YAML::Node& node,
                                       std::vector<Problem>& problems) {
  if (node.IsScalar()) return node.Scalar();
  problems.push_back(yaml_problem(yaml_where(path, node), "wrong_type", "must be a text"));
  return std::nullopt;
}

YamlMap::YamlMap(const YamlFile& file, YAML::Node node, std::vector<Problem>& problems)
    : path_(file.path), node_(node), problems_(&problems) {
  if (node_.IsDefined() && !node_.IsNull() && !node_.IsMap()) {
    problems_->push_back(
        yaml_problem(yaml_where(path_, node_), "wrong_type", "must be a mapping (key: value)"));
    node_.reset(YAML::Node(YAML::NodeType::Map));
  }
}

YAML::Node YamlMap::node(std::string_view key) {
  const std::string name(key);
  if (std::find(known_.begin(), known_.end(), name) == known_.end()) known_.push_back(name);
  if (!node_.IsDefined() || !node_.IsMap()) return YAML::Node(YAML::NodeType::Undefined);
  const YAML::Node& map = node_;
  return map[name];
}

bool YamlMap::has(std::string_view key) {
  const auto found = node(key);
  return found.IsDefined() && !found.IsNull();
}

std::string YamlMap::where(std::string_view key) {
  const auto found = node(key);
  return yaml_where(path_, found.IsDefined() ? found : node_);
}

void YamlMap::wrong(std::string_view key, std::string code, std::string detail, std::string mend) {
  problems_->push_back(yaml_problem(where(key), std::move(code),
                                    fmt::format("{}: {}", key, detail), std::move(mend)));
}

void YamlMap::missing(std::string_view key) {
  problems_->push_back(yaml_problem(yaml_where(path_, node_), "missing_key",
                                    fmt::format("the key \"{}\" is required here", key)));
}

std::optional<std::string> YamlMap::text(std::string_view key) {
  if (!has(key)) return std::nullopt;
  const auto value = node(key);
  if (value.IsScalar()) return value.Scalar();
  wrong(key, "wrong_type", "must be a text");
  return std::nullopt;
}

std::string YamlMap::required_text(std::string_view key) {
  if (!has(key)) missing(key);
  auto value = text(key);
  if (value && value->find_first_not_of(" \t\n") == std::string::npos)
    wrong(key, "empty", "is empty");
  return std::move(value).value_or("");
}

std::optional<std::int64_t> YamlMap::integer(std::string_view key, std::int64_t min,
                                             std::int64_t max) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  const bool decimal = !value->empty() && (value->size() == 1 || value->front() != '0');
  if (error != std::errc() || end != value->data() + value->size() || !decimal || number < min ||
      number > max) {
    wrong(key, "not_an_integer", fmt::format("must be a whole number from {} to {}", min, max));
    return std::nullopt;
  }
  return number;
}

std::optional<bool> YamlMap::boolean(std::string_view key) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  if (*value == "true") return true;
  if (*value == "false") return false;
  wrong(key, "not_a_boolean", "must be true or false");
  return std::nullopt;
}

std::optional<CivilDate> YamlMap::date(std::string_view key) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  const auto date = parse_iso_date(*value);
  if (!date)
    wrong(key, "not_a_date", fmt::format("\"{}\" is not a date that exists", *value),
          "write YYYY-MM-DD");
  return date;
}

std::optional<std::chrono::milliseconds> YamlMap::duration(std::string_view key) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  const auto duration = parse_duration(*value);
  if (!duration)
    wrong(key, "not_a_duration", fmt::format("\"{}\" is not a duration", *value),
          "write 500ms, 15s, 30m, 2h or 7d");
  return duration;
}

std::optional<std::string> YamlMap::one_of(std::string_view key,
                                           const std::vector<std::string>& allowed) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  if (std::find(allowed.begin(), allowed.end(), *value) != allowed.end()) return value;
  const auto nearest = nearest_name(*value, allowed);
  wrong(key, "unknown_value", fmt::format("\"{}\" is not one of {}", *value,
                                          fmt::join(allowed, ", ")),
        nearest.empty() ? "" : fmt::format("did you mean \"{}\"?", nearest));
  return std::nullopt;
}

std::vector<std::string> YamlMap::texts(std::string_view key) {
  std::vector<std::string> items;
  const auto list = node(key);
  if (!list.IsDefined() || list.IsNull()) return items;
  if (!list.IsSequence()) {
    wrong(key, "wrong_type", "must be a list");
    return items;
  }
  for (const auto& item : list) {
    if (auto text = yaml_scalar(path_, item, *problems_)) items.push_back(std::move(*text));
  }
  return items;
}

std::optional<YamlMap> YamlMap::map(std::string_view key) {
  if (!has(key)) return std::nullopt;
  return YamlMap({path_, {}, {}}, node(key), *problems_);
}

std::vector<YamlMap> YamlMap::maps(std::string_view key) {
  std::vector<YamlMap> items;
  const auto list = node(key);
  if (!list.IsDefined() || list.IsNull()) return items;
  if (!list.IsSequence()) {
    wrong(key, "wrong_type", "must be a list");
    return items;
  }
  for (const auto& item : list) items.emplace_back(YamlFile{path_, {}, {}}, item, *problems_);
  return items;
}

std::vector<std::string> YamlMap::keys() {
  std::vector<std::string> names;
  if (!node_.IsDefined() || !node_.IsMap()) return names;
  for (const auto& item : node_) names.push_back(item.first.Scalar());
  known_.insert(known_.end(), names.begin(), names.end());
  return names;
}

void YamlMap::finish() {
  if (!node_.IsDefined() || !node_.IsMap()) return;
  for (const auto& item : node_) {
    const std::string& name = item.first.Scalar();
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const auto nearest = nearest_name(name, known_);
    problems_->push_back(yaml_problem(
        yaml_where(path_, item.first), "unknown_key", fmt::format("\"{}\" is not a key here", name),
        nearest.empty() ? fmt::format("known: {}", fmt::join(known_, ", "))
                        : fmt::format("did you mean \"{}\"?", nearest)));
  }
}

}  // namespace rappel
