// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/id.hpp"
#include "store/store.hpp"

namespace rappel::store {

/// Where a page ended: the last row's sort key and, for equal keys, its id. Rows added meanwhile
/// neither repeat nor hide others.
struct Cursor {
  std::int64_t key = INT64_MIN;
  IdBytes id{};
  auto operator<=>(const Cursor&) const = default;
};

/// "<key>.<uuid>".
std::string to_string(const Cursor& cursor);
/// An empty text is the beginning. Throws BadCursor.
Cursor parse_cursor(const std::string& text);

/// Between 1 and page_items_max.
std::size_t page_limit(const PageRequest& page);

/// Sort keys: microseconds of an instant, days of a date.
std::int64_t sort_key(Instant instant);
std::int64_t sort_key(CivilDate date);

}  // namespace rappel::store
