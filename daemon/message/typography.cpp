// SPDX-License-Identifier: Apache-2.0
#include "message/typography.hpp"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <array>

namespace rappel::message {
namespace {

using Words7 = std::array<std::string_view, 7>;
using Words12 = std::array<std::string_view, 12>;

constexpr Words7 weekdays_fr{"dimanche", "lundi",    "mardi", "mercredi",
                             "jeudi",    "vendredi", "samedi"};
constexpr Words7 weekdays_en{"Sunday",   "Monday", "Tuesday", "Wednesday",
                             "Thursday", "Friday", "Saturday"};
constexpr Words12 months_fr{"janvier", "février", "mars",      "avril",   "mai",      "juin",
                            "juillet", "août",    "septembre", "octobre", "novembre", "décembre"};
constexpr Words12 months_en{"January", "February", "March",     "April",   "May",      "June",
                            "July",    "August",   "September", "October", "November", "December"};

constexpr std::string_view narrow_no_break_space = "\u202F";
constexpr std::string_view no_break_space = "\u00A0";

std::string grouped(std::uint64_t number, std::string_view separator) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) text += separator;
    text += digits[i];
  }
  return text;
}

std::uint64_t magnitude(std::int64_t number) {
  return number < 0 ? 0 - std::uint64_t(number) : std::uint64_t(number);
}

/// Invisible, or able to change the direction or the lines of what follows it. The joiners stay:
/// some scripts and emoji need them.
bool is_unwanted(UChar32 character) {
  if (character == 0x200C || character == 0x200D) return false;
  const auto kind = u_charType(character);
  return character < 0 || kind == U_CONTROL_CHAR || kind == U_FORMAT_CHAR ||
         kind == U_LINE_SEPARATOR || kind == U_PARAGRAPH_SEPARATOR || kind == U_SURROGATE;
}

bool breaks_line(UChar32 character) {
  return character == '\t' || character == '\n' || character == '\r' || character == '\v' ||
         character == '\f' || character == 0x85 || character == 0x2028 || character == 0x2029;
}

}  // namespace

std::string format_date(CivilDate date, Language language) {
  const unsigned weekday = std::chrono::weekday(std::chrono::sys_days(date)).c_encoding();
  const unsigned month = unsigned(date.month()) - 1;
  const unsigned day = unsigned(date.day());
  if (language == Language::en)
    return fmt::format("{} {} {} {}", weekdays_en[weekday], day, months_en[month],
                       int(date.year()));
  return fmt::format("{} {}{} {} {}", weekdays_fr[weekday], day, day == 1 ? "er" : "",
                     months_fr[month], int(date.year()));
}

std::string format_date_short(CivilDate date, Language language) {
  const unsigned month = unsigned(date.month());
  const unsigned day = unsigned(date.day());
  if (language == Language::en)
    return fmt::format("{} {} {}", day, months_en[month - 1].substr(0, 3), int(date.year()));
  return fmt::format("{:02}/{:02}/{:04}", day, month, int(date.year()));
}

std::string format_amount(Cents amount, Language language) {
  const auto cents = magnitude(amount.count);
  const std::string_view sign = amount.count < 0 ? "-" : "";
  if (language == Language::en)
    return fmt::format("{}€{}.{:02}", sign, grouped(cents / 100, ","), cents % 100);
  return fmt::format("{}{},{:02}{}€", sign, grouped(cents / 100, narrow_no_break_space),
                     cents % 100, no_break_space);
}

std::string format_count(std::int64_t count, Language language) {
  const std::string_view separator = language == Language::en ? "," : narrow_no_break_space;
  return (count < 0 ? "-" : "") + grouped(magnitude(count), separator);
}

std::string single_line(std::string_view text) {
  std::string line;
  bool space = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    // Most of a text is plain: it needs no look into Unicode's tables.
    while (at < text.size() && text[at] > ' ' && text[at] < '\x7f') ++at;
    if (at > start) {
      if (space) line += ' ';
      space = false;
      line.append(text.substr(start, at - start));
      continue;
    }
    UChar32 character = 0;
    U8_NEXT(text.data(), at, text.size(), character);
    if (character == ' ' || breaks_line(character)) {
      space = !line.empty();
    } else if (!is_unwanted(character)) {
      if (space) line += ' ';
      space = false;
      line.append(text.substr(start, at - start));
    }
  }
  return line;
}

std::string tidy_lines(std::string_view text) {
  std::string tidy;
  bool gap = false;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string line = single_line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty()) {
      gap = !tidy.empty();
      continue;
    }
    if (!tidy.empty()) tidy += gap ? "\n\n" : "\n";
    gap = false;
    tidy += line;
  }
  return tidy;
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    UChar32 character = 0;
    U8_NEXT(text.data(), at, text.size(), character);
    if (character < 0) return false;
  }
  return true;
}

std::size_t character_count(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text) count += (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  return count;
}

std::string cut(std::string_view text, std::size_t characters_max) {
  if (character_count(text) <= characters_max) return std::string(text);
  std::size_t at = 0;
  for (std::size_t count = 0; count + 1 < characters_max; ++count)
    U8_FWD_1(text.data(), at, text.size());
  return std::string(text.substr(0, at)) + "…";
}

}  // namespace rappel::message
