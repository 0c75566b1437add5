// SPDX-License-Identifier: Apache-2.0
#include "api/json_handler.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

#include "api/json_reader.hpp"

namespace rappel::api {
namespace {

std::string pointer_token(const std::string& key) {
  std::string out = "/";
  for (const char c : key) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

/// The next code point of valid UTF-8.
char32_t next_point(std::string_view& rest) {
  const auto first = static_cast<unsigned char>(rest.front());
  const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  char32_t point = length == 1 ? first : first & (0xff >> (length + 1));
  for (std::size_t i = 1; i < length && i < rest.size(); ++i)
    point = (point << 6) | (static_cast<unsigned char>(rest[i]) & 0x3f);
  rest.remove_prefix(std::min(length, rest.size()));
  return point;
}

/// Combining marks and characters without width, by Unicode block.
bool is_mark(char32_t c) {
  return (c >= 0x300 && c <= 0x36f) || (c >= 0x1ab0 && c <= 0x1aff) ||
         (c >= 0x1dc0 && c <= 0x1dff) || (c >= 0x20d0 && c <= 0x20ff) ||
         (c >= 0xfe20 && c <= 0xfe2f) || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

bool has_mark_flood(std::string_view text) {
  std::size_t run = 0;
  while (!text.empty()) {
    run = is_mark(next_point(text)) ? run + 1 : 0;
    if (run > mark_run_max) return true;
  }
  return false;
}

}  // namespace

std::string JsonHandler::pointer() const {
  std::string out;
  for (const auto& level : levels_)
    out += level.is_object ? pointer_token(level.key) : fmt::format("/{}", level.index);
  return out;
}

bool JsonHandler::refuse_here(ProblemKind kind, const char* code, std::string detail,
                              error_code& ec) {
  problem_ = Problem{kind, code, std::move(detail), pointer(), ""};
  ec = boost::json::error::syntax;
  return false;
}

bool JsonHandler::check_text(const std::string& text, error_code& ec) {
  if (text.find('\0') != std::string::npos)
    return refuse_here(ProblemKind::invalid, "null_character", "holds the character U+0000", ec);
  if (has_mark_flood(text))
    return refuse_here(ProblemKind::invalid, "mark_flood",
                       fmt::format("holds more than {} combining or invisible characters in a row",
                                   mark_run_max),
                       ec);
  return true;
}

void JsonHandler::value_read() {
  if (!levels_.empty() && !levels_.back().is_object) ++levels_.back().index;
}

bool JsonHandler::open(bool is_object, error_code& ec) {
  if (levels_.size() == json_depth_max)
    return refuse_here(ProblemKind::malformed, "too_deep",
                       fmt::format("is nested deeper than {} levels", json_depth_max), ec);
  levels_.push_back({is_object, {}, 0, {}});
  return true;
}

bool JsonHandler::on_document_begin(error_code&) {
  stack_.reset();
  return true;
}

bool JsonHandler::on_document_end(error_code&) { return true; }

bool JsonHandler::on_object_begin(error_code& ec) { return open(true, ec); }

bool JsonHandler::on_object_end(std::size_t count, error_code&) {
  stack_.push_object(count);
  levels_.pop_back();
  value_read();
  return true;
}

bool JsonHandler::on_array_begin(error_code& ec) { return open(false, ec); }

bool JsonHandler::on_array_end(std::size_t count, error_code&) {
  stack_.push_array(count);
  levels_.pop_back();
  value_read();
  return true;
}

bool JsonHandler::on_key_part(string_view text, std::size_t, error_code&) {
  text_.append(text.data(), text.size());
  return true;
}

bool JsonHandler::on_key(string_view text, std::size_t, error_code& ec) {
  text_.append(text.data(), text.size());
  auto& level = levels_.back();
  level.key = std::exchange(text_, {});
  if (!level.keys.insert(level.key).second)
    return refuse_here(ProblemKind::malformed, "duplicate_key", "is given twice", ec);
  if (!check_text(level.key, ec)) return false;
  stack_.push_key(level.key);
  return true;
}

bool JsonHandler::on_string_part(string_view text, std::size_t, error_code&) {
  text_.append(text.data(), text.size());
  return true;
}

bool JsonHandler::on_string(string_view text, std::size_t, error_code& ec) {
  text_.append(text.data(), text.size());
  const auto whole = std::exchange(text_, {});
  if (!check_text(whole, ec)) return false;
  stack_.push_string(whole);
  value_read();
  return true;
}

bool JsonHandler::on_number_part(string_view text, error_code&) {
  number_.append(text.data(), text.size());
  return true;
}

bool JsonHandler::on_int64(std::int64_t number, string_view, error_code&) {
  number_.clear();
  stack_.push_int64(number);
  value_read();
  return true;
}

bool JsonHandler::on_uint64(std::uint64_t, string_view, error_code& ec) {
  return refuse_here(ProblemKind::invalid, "number_out_of_range", "is out of range", ec);
}

bool JsonHandler::on_double(double number, string_view text, error_code& ec) {
  number_.append(text.data(), text.size());
  const auto digits = std::exchange(number_, {});
  // The parser turns an integer that does not fit into a rounded double: never what was meant.
  const bool overflowed = digits.find_first_of(".eE") == std::string::npos;
  if (overflowed || !std::isfinite(number))
    return refuse_here(ProblemKind::invalid, "number_out_of_range", "is out of range", ec);
  stack_.push_double(number);
  value_read();
  return true;
}

bool JsonHandler::on_bool(bool value, error_code&) {
  stack_.push_bool(value);
  value_read();
  return true;
}

bool JsonHandler::on_null(error_code&) {
  stack_.push_null();
  value_read();
  return true;
}

}  // namespace rappel::api
