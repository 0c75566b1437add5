// SPDX-License-Identifier: Apache-2.0
#include "notify/config_schema.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <optional>

#include "base/nearest.hpp"

namespace rappel::notify {
namespace {

namespace json = boost::json;
using Problems = std::vector<Problem>;

constexpr std::size_t json_depth_max = 16;
constexpr std::size_t json_bytes_max = 256 * 1024;
constexpr std::array<std::string_view, 17> known_keywords{
    "$schema", "title",    "description", "default",
    "type",    "required", "properties",  "enum",
    "minimum", "maximum",  "minLength",   "maxLength",
    "items",   "maxItems", "minItems",    "additionalProperties",
    "examples"};

void add(Problems& problems, std::string code, std::string detail, std::string where,
         std::string mend = {}) {
  problems.push_back({ProblemKind::invalid, std::move(code), std::move(detail), std::move(where),
                      std::move(mend)});
}

std::optional<json::value> parse(std::string_view text) {
  if (text.size() > json_bytes_max) return std::nullopt;
  json::parse_options options;
  options.max_depth = json_depth_max;
  json::error_code error;
  auto value = json::parse(text, error, {}, options);
  if (error) return std::nullopt;
  return value;
}

std::string_view type_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "boolean";
    case json::kind::int64:
    case json::kind::uint64:
      return "integer";
    case json::kind::double_:
      return "number";
    case json::kind::string:
      return "string";
    case json::kind::array:
      return "array";
    case json::kind::object:
      return "object";
  }
  return "null";
}

std::vector<std::string> names_in(const json::value* list) {
  std::vector<std::string> names;
  if (list == nullptr || !list->is_array()) return names;
  for (const auto& item : list->get_array())
    if (item.is_string()) names.emplace_back(item.get_string());
  return names;
}

std::optional<double> number_of(const json::value* value) {
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

std::string suggestion(std::string_view mistyped, const std::vector<std::string>& known) {
  const auto nearest = nearest_name(mistyped, known);
  if (!nearest.empty()) return fmt::format("did you mean `{}`?", nearest);
  return known.empty() ? std::string{} : fmt::format("known: {}", fmt::join(known, ", "));
}

/// Walks a schema and a value side by side.
class Checker {
 public:
  explicit Checker(Problems& problems) : problems_(problems) {}

  void check(const json::value& value, const json::object& schema, const std::string& where) {
    if (!check_keywords(schema, where) || !check_type(value, schema, where)) return;
    check_enum(value, schema, where);
    if (value.is_object()) check_object(value.get_object(), schema, where);
    if (value.is_array()) check_array(value.get_array(), schema, where);
    if (value.is_string()) check_length(value.get_string().size(), schema, where, "Length");
    if (value.is_number()) check_range(value.to_number<double>(), schema, where);
  }

 private:
  bool check_keywords(const json::object& schema, const std::string& where) {
    for (const auto& [keyword, unused] : schema) {
      if (std::ranges::find(known_keywords, std::string_view(keyword)) != known_keywords.end())
        continue;
      add(problems_, "unsupported_schema",
          fmt::format("the plugin's schema uses the unsupported keyword `{}`",
                      std::string_view(keyword)),
          where);
      return false;
    }
    return true;
  }

  bool check_type(const json::value& value, const json::object& schema, const std::string& where) {
    const auto* type = schema.if_contains("type");
    if (type == nullptr || !type->is_string()) return true;
    const std::string_view wanted = type->get_string();
    const auto found = type_of(value);
    if (wanted == found || (wanted == "number" && found == "integer")) return true;
    add(problems_, "wrong_type", fmt::format("must be a {} and is a {}", wanted, found), where);
    return false;
  }

  void check_enum(const json::value& value, const json::object& schema, const std::string& where) {
    const auto* list = schema.if_contains("enum");
    if (list == nullptr || !list->is_array()) return;
    if (std::ranges::find(list->get_array(), value) != list->get_array().end()) return;
    const auto known = names_in(list);
    const std::string_view given = value.is_string() ? std::string_view(value.get_string()) : "";
    add(problems_, "not_allowed", "is not one of the allowed values", where,
        suggestion(given, known));
  }

  void check_object(const json::object& object, const json::object& schema,
                    const std::string& where) {
    for (const auto& name : names_in(schema.if_contains("required")))
      if (!object.contains(name))
        add(problems_, "missing_key", fmt::format("`{}` is missing", name), where);
    const auto* properties = schema.if_contains("properties");
    const auto* more = schema.if_contains("additionalProperties");
    const bool closed = more != nullptr && more->is_bool() && !more->get_bool();
    for (const auto& [key, value] : object) {
      const auto* known =
          properties != nullptr ? properties->as_object().if_contains(key) : nullptr;
      const std::string below = fmt::format("{}/{}", where, std::string_view(key));
      if (known != nullptr) {
        check(value, known->as_object(), below);
      } else if (closed) {
        unknown_key(key, properties, below);
      } else if (more != nullptr && more->is_object()) {
        check(value, more->get_object(), below);
      }
    }
  }

  void unknown_key(std::string_view key, const json::value* properties, const std::string& where) {
    std::vector<std::string> known;
    if (properties != nullptr)
      for (const auto& [name, unused] : properties->as_object()) known.emplace_back(name);
    add(problems_, "unknown_key", fmt::format("unknown key `{}`", key), where,
        suggestion(key, known));
  }

  void check_array(const json::array& array, const json::object& schema, const std::string& where) {
    check_length(array.size(), schema, where, "Items");
    const auto* items = schema.if_contains("items");
    if (items == nullptr) return;
    for (std::size_t i = 0; i < array.size(); ++i)
      check(array[i], items->as_object(), fmt::format("{}/{}", where, i));
  }

  void check_length(std::size_t size, const json::object& schema, const std::string& where,
                    std::string_view kind) {
    const auto least = number_of(schema.if_contains(fmt::format("min{}", kind)));
    const auto most = number_of(schema.if_contains(fmt::format("max{}", kind)));
    if (least && double(size) < *least) add(problems_, "too_short", "is too short", where);
    if (most && double(size) > *most) add(problems_, "too_long", "is too long", where);
  }

  void check_range(double value, const json::object& schema, const std::string& where) {
    const auto least = number_of(schema.if_contains("minimum"));
    const auto most = number_of(schema.if_contains("maximum"));
    if (least && value < *least)
      add(problems_, "too_small", fmt::format("must be at least {}", *least), where);
    if (most && value > *most)
      add(problems_, "too_large", fmt::format("must be at most {}", *most), where);
  }

  Problems& problems_;
};

}  // namespace

tl::expected<void, std::vector<Problem>> check_config(std::string_view config_json,
                                                      std::string_view schema_json) {
  Problems problems;
  const auto schema = parse(schema_json);
  const auto config = parse(config_json);
  if (!schema || !schema->is_object()) {
    add(problems, "unsupported_schema", "the plugin's schema is not a JSON object", "");
  } else if (!config || !config->is_object()) {
    add(problems, "malformed", "the configuration is not a JSON object", "");
  } else {
    try {
      Checker{problems}.check(*config, schema->get_object(), "");
    } catch (const std::exception&) {  // a schema whose `properties` is not an object, and the like
      add(problems, "unsupported_schema", "the plugin's schema is not well formed", "");
    }
  }
  if (problems.empty()) return {};
  return tl::unexpected<Problems>(std::move(problems));
}

}  // namespace rappel::notify
