// SPDX-License-Identifier: Apache-2.0
#include "app/yaml_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>

namespace rappel::app {
namespace {

boost::json::value scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  const bool quoted = node.Tag() == "!";
  if (quoted) return boost::json::value(text);
  if (text == "true" || text == "false") return boost::json::value(text == "true");
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool decimal = text.size() == 1 || (!text.empty() && text.front() != '0');
  if (error == std::errc() && end == text.data() + text.size() && decimal)
    return boost::json::value(number);
  return boost::json::value(text);
}

}  // namespace

boost::json::value yaml_to_json(const YAML::Node& node) {
  if (node.IsMap()) {
    boost::json::object object;
    for (const auto& item : node) object[item.first.Scalar()] = yaml_to_json(item.second);
    return object;
  }
  if (node.IsSequence()) {
    boost::json::array array;
    for (const auto& item : node) array.push_back(yaml_to_json(item));
    return array;
  }
  if (node.IsScalar()) return scalar(node);
  return nullptr;
}

}  // namespace rappel::app
