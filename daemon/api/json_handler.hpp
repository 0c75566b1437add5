// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/error.hpp>
#include <boost/json/value_stack.hpp>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"

namespace rappel::api {

/// What the parser calls for each piece of a document: builds the value and refuses what a person
/// did not mean. Knows where it is, as a JSON pointer. Private to json_reader.cpp.
class JsonHandler {
 public:
  using error_code = boost::json::error_code;
  using string_view = boost::json::string_view;
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  bool on_document_begin(error_code&);
  bool on_document_end(error_code&);
  bool on_object_begin(error_code& ec);
  bool on_object_end(std::size_t count, error_code&);
  bool on_array_begin(error_code& ec);
  bool on_array_end(std::size_t count, error_code&);
  bool on_key_part(string_view text, std::size_t, error_code&);
  bool on_key(string_view text, std::size_t, error_code& ec);
  bool on_string_part(string_view text, std::size_t, error_code&);
  bool on_string(string_view text, std::size_t, error_code& ec);
  bool on_number_part(string_view text, error_code&);
  bool on_int64(std::int64_t number, string_view, error_code&);
  bool on_uint64(std::uint64_t number, string_view, error_code& ec);
  bool on_double(double number, string_view text, error_code& ec);
  bool on_bool(bool value, error_code&);
  bool on_null(error_code&);
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

  boost::json::value release() { return stack_.release(); }
  [[nodiscard]] const std::optional<Problem>& problem() const { return problem_; }

 private:
  struct Level {
    bool is_object = false;
    std::string key;       ///< of the member being read
    std::size_t index = 0;  ///< of the item being read
    std::set<std::string, std::less<>> keys;
  };

  bool open(bool is_object, error_code& ec);
  void value_read();
  [[nodiscard]] std::string pointer() const;
  bool refuse_here(ProblemKind kind, const char* code, std::string detail, error_code& ec);
  bool check_text(const std::string& text, error_code& ec);

  boost::json::value_stack stack_;
  std::vector<Level> levels_;
  std::string text_;    ///< pieces of the string or key being read
  std::string number_;  ///< pieces of the number being read
  std::optional<Problem> problem_;
};

}  // namespace rappel::api
