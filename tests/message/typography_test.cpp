// SPDX-License-Identifier: Apache-2.0
#include "message/typography.hpp"

#include <doctest/doctest.h>

#include "message/sample.hpp"

using namespace rappel;
using namespace rappel::message;
using test::date;

TEST_CASE("French writes the first of a month as 1er") {
  CHECK(format_date(date("2026-01-01"), Language::fr) == "jeudi 1er janvier 2026");
  CHECK(format_date(date("2026-10-13"), Language::fr) == "mardi 13 octobre 2026");
  CHECK(format_date(date("2026-08-21"), Language::fr) == "vendredi 21 août 2026");
}

TEST_CASE("English writes the day before the month") {
  CHECK(format_date(date("2026-10-13"), Language::en) == "Tuesday 13 October 2026");
  CHECK(format_date(date("2028-02-29"), Language::en) == "Tuesday 29 February 2028");
}

TEST_CASE("short dates cannot be misread") {
  CHECK(format_date_short(date("2026-02-01"), Language::fr) == "01/02/2026");
  CHECK(format_date_short(date("2026-02-01"), Language::en) == "1 Feb 2026");
}

TEST_CASE("amounts follow the language") {
  CHECK(format_amount(Cents{123450}, Language::fr) == "1\u202F234,50\u00A0€");
  CHECK(format_amount(Cents{123450}, Language::en) == "€1,234.50");
  CHECK(format_amount(Cents{-5}, Language::fr) == "-0,05\u00A0€");
  CHECK(format_amount(Cents{100000000}, Language::en) == "€1,000,000.00");
}

TEST_CASE("counts are grouped by three") {
  CHECK(format_count(999, Language::fr) == "999");
  CHECK(format_count(1000000, Language::fr) == "1\u202F000\u202F000");
  CHECK(format_count(1000000, Language::en) == "1,000,000");
}

TEST_CASE("one line holds no character that ends or hides a line") {
  CHECK(single_line("a\r\nBcc: x") == "a Bcc: x");
  CHECK(single_line("  a \t b\v\f ") == "a b");
  CHECK(single_line("a\u2028b\u2029c\u0085d") == "a b c d");
  CHECK(single_line(std::string("a\0b\x1B[31m", 8)) == "ab[31m");
  CHECK(single_line("facture\u202Efdp.exe\u200B\uFEFF") == "facturefdp.exe");
}

TEST_CASE("joiners that scripts and emoji need are kept") {
  CHECK(single_line("می\u200Cخواهم") == "می\u200Cخواهم");
}

TEST_CASE("lines are kept with at most one empty line between them") {
  CHECK(tidy_lines("\n\n a \r\nb\n\n\n\nc\n\n") == "a\nb\n\nc");
  CHECK(tidy_lines("").empty());
}

TEST_CASE("a cut text ends with an ellipsis and never inside a character") {
  CHECK(cut("éééé", 4) == "éééé");
  CHECK(cut("ééééé", 4) == "ééé…");
}

TEST_CASE("broken UTF-8 is noticed") {
  CHECK(is_valid_utf8("é😀"));
  CHECK_FALSE(is_valid_utf8("\xC3"));
  CHECK_FALSE(is_valid_utf8("\xED\xA0\x80"));
}
