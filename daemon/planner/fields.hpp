// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.hpp"
#include "base/problem.hpp"

namespace rappel::planner {

/// An administration's own name for a person, in bytes.
inline constexpr std::size_t reference_bytes_max = 200;

/// Reads the fields of one JSON object of a request. The first thing wrong is kept, with its JSON
/// pointer; finish() also refuses fields that nobody asked for, naming the nearest known one.
class Fields {
 public:
  explicit Fields(const boost::json::object& object, std::string pointer = {})
      : object_(object), pointer_(std::move(pointer)) {}

  std::optional<std::string> text(std::string_view name, std::size_t bytes_max);
  std::string required_text(std::string_view name, std::size_t bytes_max);
  std::optional<CivilDate> date(std::string_view name);
  std::optional<Instant> instant(std::string_view name);
  const boost::json::object* object(std::string_view name);
  const boost::json::array* list(std::string_view name, std::size_t items_max);

  /// Notes what is wrong with a field.
  void wrong(std::string_view name, std::string code, std::string detail, std::string mend = {});
  [[nodiscard]] bool has(std::string_view name);
  /// Nothing, or the first problem.
  [[nodiscard]] std::optional<Problem> finish();

 private:
  const boost::json::value* find(std::string_view name);

  const boost::json::object& object_;
  std::string pointer_;
  std::vector<std::string> known_;
  std::optional<Problem> problem_;
};

}  // namespace rappel::planner
