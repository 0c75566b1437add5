// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/facts.hpp"
#include "rules/words.hpp"

// What the parts of a schema are made of. Private to this module.
//
//   Closed step("One move of a date.");
//   step.need("text", refer_to("sentence"), "what the citizen reads").may("years", whole(0, 9),
//   "…"); defs["step"] = step.take();

namespace rappel::rules::schema {

namespace json = boost::json;
using Names = std::vector<std::string>;

inline constexpr std::string_view draft = "https://json-schema.org/draft/2020-12/schema";

/// An object that takes these keys and no others; each key says what it is for.
class Closed {
 public:
  explicit Closed(std::string_view doc);
  Closed& need(std::string_view key, json::object value, std::string_view doc);
  Closed& may(std::string_view key, json::object value, std::string_view doc);
  /// One more thing that must hold of the whole object.
  Closed& rule(json::object constraint);
  json::object take();

 private:
  json::object schema_, properties_;
  json::array required_, rules_;
};

json::object refer_to(std::string_view definition);
json::object text();
json::object truth();
json::object whole(std::int64_t min, std::int64_t max);
json::object list_of(json::object item);
json::object list_of_some(json::object item);  ///< at least one
json::object pattern(std::string_view expression, std::string_view otherwise);
json::object constant(json::value value);
json::object any_of(std::vector<json::object> ways);
/// A closed list with an explanation of each word, for editors that show it.
json::object one_of_words(const Names& names, const Names& docs);

template <typename Table>
json::object one_of(const Table& table) {
  Names docs;
  for (const auto& word : table) docs.emplace_back(word.doc);
  return one_of_words(words::names_of(table), docs);
}

json::array array_of(const Names& names);
json::object required(const Names& keys);
/// {"properties": {key: value}}: what must hold of a key when it is there.
json::object property(std::string_view key, json::value value);
json::object when(json::object condition, json::object then);
/// Exactly one of these keys is there; said key by key, because editors explain a `oneOf` badly.
json::object exactly_one(const Names& keys);
/// With `key`, the keys `needed` are there, and beside them no others than `allowed`.
json::object with_key(const std::string& key, const Names& needed, const Names& allowed);

/// The definitions that several files share: date, month_day, hour, period, word, id …
void add_forms(json::object& definitions);

/// Of rule files, each adding what it defines.
void add_conditions(json::object& definitions);  ///< condition, told, comparisons
void add_steps(json::object& definitions);       ///< step
void add_dates(json::object& definitions);       ///< derivation, due, reminders
void add_subjects(json::object& definitions);    ///< facts by subject and where they may stand
void add_examples(json::object& definitions);    ///< example, and the data of each event

/// The whole schema as it is kept in docs/: two spaces, what fits on a line on one line.
std::string print(const json::object& schema);

}  // namespace rappel::rules::schema
