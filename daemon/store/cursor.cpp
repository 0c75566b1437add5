// SPDX-License-Identifier: Apache-2.0
#include "store/cursor.hpp"

#include <algorithm>
#include <charconv>

namespace rappel::store {

std::string to_string(const Cursor& cursor) {
  return std::to_string(cursor.key) + "." + format_uuid(cursor.id);
}

Cursor parse_cursor(const std::string& text) {
  Cursor cursor;
  if (text.empty()) return cursor;
  const auto dot = text.find('.');
  if (dot == std::string::npos) throw BadCursor();
  const auto [end, error] = std::from_chars(text.data(), text.data() + dot, cursor.key);
  const auto id = parse_uuid(std::string_view(text).substr(dot + 1));
  if (error != std::errc{} || end != text.data() + dot || !id) throw BadCursor();
  cursor.id = *id;
  return cursor;
}

std::size_t page_limit(const PageRequest& page) {
  return std::clamp<std::size_t>(page.limit, 1, page_items_max);
}

std::int64_t sort_key(Instant instant) { return instant.time_since_epoch().count(); }

std::int64_t sort_key(CivilDate date) {
  return std::chrono::sys_days(date).time_since_epoch().count();
}

}  // namespace rappel::store
