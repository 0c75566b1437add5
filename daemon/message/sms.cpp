// SPDX-License-Identifier: Apache-2.0
#include "message/sms.hpp"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace rappel::message {
namespace {

/// The default alphabet but for letters and digits.
constexpr std::u32string_view gsm7_basic =
    U"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
constexpr std::u32string_view gsm7_extension = U"\f^{}\\[~]|€";

constexpr std::array<std::pair<char32_t, std::string_view>, 25> replacements{{
    {U'’', "'"},      {U'‘', "'"},      {U'ʼ', "'"},      {U'′', "'"},  {U'“', "\""},
    {U'”', "\""},     {U'„', "\""},     {U'œ', "oe"},     {U'Œ', "OE"}, {U'–', "-"},
    {U'—', "-"},      {U'−', "-"},      {U'‑', "-"},      {U'•', "-"},  {U'…', "..."},
    {U'\u00A0', " "}, {U'\u202F', " "}, {U'\u2009', " "}, {U'\t', " "}, {U'×', "x"},
    {U'ç', "c"},      {U'Ç', "C"},      {U'°', "o"},      {U'·', "."},  {U'`', "'"},
}};

constexpr std::size_t septets_alone = 160;
constexpr std::size_t septets_per_part = 153;
constexpr std::size_t units_alone = 70;
constexpr std::size_t units_per_part = 67;

/// Septets of a character in GSM-7; 0 when it is not in the alphabet.
std::size_t septets(char32_t character) {
  const bool letter_or_digit = (character >= U'a' && character <= U'z') ||
                               (character >= U'A' && character <= U'Z') ||
                               (character >= U'0' && character <= U'9');
  if (letter_or_digit || gsm7_basic.find(character) != std::u32string_view::npos) return 1;
  return gsm7_extension.find(character) != std::u32string_view::npos ? 2 : 0;
}

std::u32string decode(std::string_view text) {
  std::u32string characters;
  for (std::size_t at = 0; at < text.size();) {
    UChar32 character = 0;
    U8_NEXT(text.data(), at, text.size(), character);
    characters += character < 0 ? U'\uFFFD' : char32_t(character);
  }
  return characters;
}

void append(std::string& text, char32_t character) {
  std::array<char, 4> bytes{};
  std::size_t size = 0;
  U8_APPEND_UNSAFE(bytes.data(), size, character);
  text.append(bytes.data(), size);
}

/// Parts needed for characters of these sizes, none of which may be split.
std::size_t parts(const std::vector<std::size_t>& sizes, std::size_t alone, std::size_t per_part) {
  std::size_t total = 0;
  for (const auto size : sizes) total += size;
  if (total <= alone) return 1;
  std::size_t count = 1;
  std::size_t used = 0;
  for (const auto size : sizes) {
    if (used + size > per_part) {
      ++count;
      used = 0;
    }
    used += size;
  }
  return count;
}

/// The letter under the accents, when it is in the alphabet.
std::optional<char32_t> base_letter(char32_t character) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* decomposition = icu::Normalizer2::getNFDInstance(status);
  icu::UnicodeString parts;
  if (U_FAILURE(status) || !decomposition->getDecomposition(UChar32(character), parts))
    return std::nullopt;
  const auto first = char32_t(parts.char32At(0));
  // A letter may carry two accents: ế is ê with an acute.
  if (septets(first) == 0) return first == character ? std::nullopt : base_letter(first);
  return first;
}

bool is_space(char32_t character) {
  return character == U' ' || character == U'\u00A0' || character == U'\u202F';
}

/// Writes one character in the alphabet; false when nothing stands for it.
bool append_gsm7(std::string& text, char32_t character) {
  if (septets(character) != 0 && character != U'Ç') {
    append(text, character);
    return true;
  }
  const auto* found = std::find_if(replacements.begin(), replacements.end(),
                                   [&](const auto& pair) { return pair.first == character; });
  if (found != replacements.end()) {
    text += found->second;
    return true;
  }
  if (const auto letter = base_letter(character)) {
    append(text, *letter);
    return true;
  }
  return false;
}

}  // namespace

std::string_view to_string(SmsEncoding encoding) {
  return encoding == SmsEncoding::gsm7 ? "GSM-7" : "UCS-2";
}

SmsSegments sms_segments(std::string_view text) {
  const auto characters = decode(text);
  std::vector<std::size_t> sizes;
  for (const char32_t character : characters) sizes.push_back(septets(character));
  if (std::find(sizes.begin(), sizes.end(), 0U) == sizes.end())
    return {SmsEncoding::gsm7, parts(sizes, septets_alone, septets_per_part)};
  std::transform(characters.begin(), characters.end(), sizes.begin(),
                 [](char32_t character) { return character > 0xFFFF ? 2U : 1U; });
  return {SmsEncoding::ucs2, parts(sizes, units_alone, units_per_part)};
}

Gsm7Text to_gsm7(std::string_view text) {
  const auto characters = decode(text);
  std::string plain;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    // French quotes hold their spaces inside; plain ones do not.
    if (characters[i] == U'«') {
      plain += '"';
      while (i + 1 < characters.size() && is_space(characters[i + 1])) ++i;
    } else if (characters[i] == U'»') {
      while (!plain.empty() && plain.back() == ' ') plain.pop_back();
      plain += '"';
    } else if (!append_gsm7(plain, characters[i])) {
      return {std::string(text), false, false};
    }
  }
  const bool changed = plain != text;
  return {std::move(plain), changed, true};
}

}  // namespace rappel::message
