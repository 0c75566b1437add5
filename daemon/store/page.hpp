// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace rappel::store {

/// A page of rows; `next` is empty on the last one.
template <typename T>
struct Page {
  std::vector<T> items;
  std::string next;
};

struct PageRequest {
  std::size_t limit = 50;
  std::string cursor;
};
inline constexpr std::size_t page_items_max = 200;

}  // namespace rappel::store
