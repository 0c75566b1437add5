// SPDX-License-Identifier: Apache-2.0
#include "rules/schema_parts.hpp"

#include <fmt/format.h>

namespace rappel::rules::schema {

Closed::Closed(std::string_view doc) {
  schema_["type"] = "object";
  if (!doc.empty()) schema_["description"] = doc;
}

Closed& Closed::need(std::string_view key, json::object value, std::string_view doc) {
  required_.emplace_back(key);
  return may(key, std::move(value), doc);
}

Closed& Closed::may(std::string_view key, json::object value, std::string_view doc) {
  value["description"] = doc;
  properties_[key] = std::move(value);
  return *this;
}

Closed& Closed::rule(json::object constraint) {
  rules_.emplace_back(std::move(constraint));
  return *this;
}

json::object Closed::take() {
  schema_["additionalProperties"] = false;
  if (!required_.empty()) schema_["required"] = std::move(required_);
  schema_["properties"] = std::move(properties_);
  if (!rules_.empty()) schema_["allOf"] = std::move(rules_);
  return std::move(schema_);
}

json::object refer_to(std::string_view definition) {
  json::object schema;
  schema["$ref"] = fmt::format("#/$defs/{}", definition);
  return schema;
}

json::object text() {
  json::object schema;
  schema["type"] = "string";
  schema["minLength"] = 1;
  return schema;
}

json::object truth() {
  json::object schema;
  schema["type"] = "boolean";
  return schema;
}

json::object whole(std::int64_t min, std::int64_t max) {
  json::object schema;
  schema["type"] = "integer";
  schema["minimum"] = min;
  schema["maximum"] = max;
  return schema;
}

json::object list_of(json::object item) {
  json::object schema;
  schema["type"] = "array";
  schema["items"] = std::move(item);
  return schema;
}

json::object list_of_some(json::object item) {
  auto schema = list_of(std::move(item));
  schema["minItems"] = 1;
  return schema;
}

json::object pattern(std::string_view expression, std::string_view otherwise) {
  json::object schema;
  schema["type"] = "string";
  schema["pattern"] = expression;
  schema["patternErrorMessage"] = otherwise;  // shown by editors instead of the expression
  return schema;
}

json::object constant(json::value value) {
  json::object schema;
  schema["const"] = std::move(value);
  return schema;
}

json::object any_of(std::vector<json::object> ways) {
  json::array list;
  for (auto& way : ways) list.emplace_back(std::move(way));
  json::object schema;
  schema["anyOf"] = std::move(list);
  return schema;
}

json::object one_of_words(const Names& names, const Names& docs) {
  json::object schema;
  schema["enum"] = array_of(names);
  if (!docs.empty()) schema["enumDescriptions"] = array_of(docs);
  return schema;
}

json::array array_of(const Names& names) {
  json::array list;
  for (const auto& name : names) list.emplace_back(name);
  return list;
}

json::object required(const Names& keys) {
  json::object schema;
  schema["required"] = array_of(keys);
  return schema;
}

json::object property(std::string_view key, json::value value) {
  json::object properties;
  properties[key] = std::move(value);
  json::object schema;
  schema["properties"] = std::move(properties);
  return schema;
}

json::object when(json::object condition, json::object then) {
  json::object schema;
  schema["if"] = std::move(condition);
  schema["then"] = std::move(then);
  return schema;
}

json::object exactly_one(const Names& keys) {
  json::array ways, rules;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    ways.emplace_back(required({keys[i]}));
    json::object others;
    for (std::size_t j = i + 1; j < keys.size(); ++j) others[keys[j]] = false;
    if (others.empty()) continue;
    json::object none;
    none["properties"] = std::move(others);
    rules.emplace_back(when(required({keys[i]}), std::move(none)));
  }
  json::object schema;
  schema["anyOf"] = std::move(ways);
  schema["allOf"] = std::move(rules);
  return schema;
}

json::object with_key(const std::string& key, const Names& needed, const Names& allowed) {
  Names all{key};
  all.insert(all.end(), needed.begin(), needed.end());
  all.insert(all.end(), allowed.begin(), allowed.end());
  json::object names;
  names["enum"] = array_of(all);
  json::object then;
  if (!needed.empty()) then["required"] = array_of(needed);
  then["propertyNames"] = std::move(names);
  return when(required({key}), std::move(then));
}

}  // namespace rappel::rules::schema
