// SPDX-License-Identifier: Apache-2.0
#include "store/cursor.hpp"

#include <doctest/doctest.h>

using namespace rappel;
using namespace rappel::store;

TEST_CASE("a cursor survives its text") {
  for (const std::int64_t key : {std::int64_t(0), std::int64_t(-7), INT64_MAX, INT64_MIN}) {
    const Cursor cursor{key, random_uuid()};
    CHECK(parse_cursor(to_string(cursor)) == cursor);
  }
}

TEST_CASE("an empty cursor is before every row") {
  CHECK(parse_cursor("") < Cursor{INT64_MIN, random_uuid()});
}

TEST_CASE("a text that is no cursor is refused") {
  const auto good = to_string(Cursor{5, random_uuid()});
  for (const std::string& bad :
       {std::string("5"), good + "0", "x" + good, good.substr(1), std::string(".") + good,
        std::string("99999999999999999999.") + good.substr(2), std::string(1000, '1')})
    CHECK_THROWS_AS((void)parse_cursor(bad), BadCursor);
}

TEST_CASE("a page has at least one row and at most the limit") {
  CHECK(page_limit({0, ""}) == 1);
  CHECK(page_limit({50, ""}) == 50);
  CHECK(page_limit({SIZE_MAX, ""}) == page_items_max);
}
