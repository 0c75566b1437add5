// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <yaml-cpp/yaml.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.hpp"
#include "base/problem.hpp"

// YAML as we accept it: one document, no aliases, no tags, no duplicate keys, no unknown keys, no
// deep nesting. Every problem names file:line:column and the nearest valid name.
//
//   YamlFile file = load_yaml(path, problems);
//   YamlMap root(file, file.root, problems);
//   const auto threads = root.integer("threads", 1, 256).value_or(8);
//   root.finish();                     // refuses every key that nobody asked for

namespace rappel {

inline constexpr std::size_t yaml_bytes_max = 1024 * 1024;
inline constexpr int yaml_depth_max = 24;

struct YamlFile {
  std::string path;
  YAML::Node root;  ///< undefined when the file could not be read
  std::string text;
};

/// Reads and checks a file's shape. What is wrong is added to `problems`, and root stays undefined.
YamlFile load_yaml(const std::string& path, std::vector<Problem>& problems);
/// The same for text that is already in memory; `path` only names it.
YamlFile parse_yaml(std::string path, std::string text, std::vector<Problem>& problems);

/// "file:line:column" of a node, counted from 1.
std::string yaml_where(const std::string& path, const YAML::Node& node);

/// "500ms", "15s", "30m", "2h", "7d".
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// One mapping, read key by key. Getters return nothing when the key is absent or wrong; what is
/// wrong is noted in `problems`.
class YamlMap {
 public:
  YamlMap(const YamlFile& file, YAML::Node node, std::vector<Problem>& problems);

  [[nodiscard]] bool has(std::string_view key);
  std::optional<std::string> text(std::string_view key);
  std::string required_text(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t min, std::int64_t max);
  std::optional<bool> boolean(std::string_view key);
  std::optional<CivilDate> date(std::string_view key);
  std::optional<std::chrono::milliseconds> duration(std::string_view key);
  /// The text, when it is one of `allowed`.
  std::optional<std::string> one_of(std::string_view key, const std::vector<std::string>& allowed);
  std::vector<std::string> texts(std::string_view key);
  std::optional<YamlMap> map(std::string_view key);
  /// Each item of a list of mappings.
  std::vector<YamlMap> maps(std::string_view key);
  /// The raw node, for what has a shape of its own; undefined when absent.
  YAML::Node node(std::string_view key);
  /// The keys as written, for mappings whose keys are data. They count as known.
  std::vector<std::string> keys();

  void missing(std::string_view key);
  void wrong(std::string_view key, std::string code, std::string detail, std::string mend = {});
  [[nodiscard]] std::string where() const { return yaml_where(path_, node_); }
  [[nodiscard]] std::string where(std::string_view key);
  /// Refuses the keys that nobody asked for.
  void finish();

 private:
  std::string path_;
  YAML::Node node_;
  std::vector<Problem>* problems_;
  std::vector<std::string> known_;
};

/// A scalar that must be plain or quoted text; nothing and a problem otherwise.
std::optional<std::string> yaml_scalar(const std::string& path, const YAML::Node& node,
                                       std::vector<Problem>& problems);

}  // namespace rappel
