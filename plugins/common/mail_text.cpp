// SPDX-License-Identifier: Apache-2.0
#include "mail_text.hpp"

#include <algorithm>
#include <ctime>
#include <stdexcept>

namespace rappel::mail {
namespace {

constexpr std::size_t address_bytes_max = 254;
/// Bytes of one encoded word, so that it stays within 75 characters (RFC 2047, section 2).
constexpr std::size_t piece_bytes_max = 45;

std::string base64(std::string_view bytes) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t offset) {
      return i + offset < bytes.size() ? static_cast<unsigned char>(bytes[i + offset]) : 0u;
    };
    const unsigned triple = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (std::size_t place = 0; place < 4; ++place)
      text += i + place <= bytes.size() ? alphabet[triple >> (18 - 6 * place) & 63] : '=';
  }
  return text;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

bool breaks_a_header(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool is_address(std::string_view text) {
  const auto at = text.find('@');
  const bool has_two_sides = at != std::string_view::npos && at > 0 && at + 1 < text.size();
  return has_two_sides && text.size() <= address_bytes_max && !breaks_a_header(text) &&
         text.find_first_of(" <>()[],;:\\\"") == std::string_view::npos &&
         text.find('@', at + 1) == std::string_view::npos && text.front() != '-';
}

bool is_header_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return c > 0x20 && c < 0x7f && c != ':';
  });
}

std::string encoded(std::string_view text) {
  // Text that looks like an encoded word is encoded too, or a reader would decode it.
  if (is_ascii(text) && text.find("=?") == std::string_view::npos) return std::string(text);
  std::string words;
  while (!text.empty()) {
    std::size_t size = std::min(piece_bytes_max, text.size());
    while (size < text.size() && size > 1 && is_continuation(text[size])) --size;
    if (!words.empty()) words += "\r\n ";
    words += "=?UTF-8?B?" + base64(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return words;
}

std::string mailbox(std::string_view name, std::string_view address) {
  const std::string angled = "<" + std::string(address) + ">";
  if (name.empty()) return angled;
  if (!is_ascii(name) || name.find("=?") != std::string_view::npos)
    return encoded(name) + " " + angled;
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\" " + angled;
}

std::string date(std::int64_t microseconds) {
  const std::time_t seconds = microseconds / 1'000'000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  const auto size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &parts);
  return {text, size};
}

std::string header_line(std::string_view name, std::string_view value) {
  const std::string line = std::string(name) + ": " + std::string(value);
  for (std::size_t start = 0; start < line.size();) {
    const auto end = std::min(line.find("\r\n", start), line.size());
    if (end - start > line_bytes_max) throw std::invalid_argument("a header line is too long");
    start = end + 2;
  }
  return line;
}

std::string_view safe(std::string_view text) {
  if (breaks_a_header(text)) throw std::invalid_argument("a header holds a control character");
  return text;
}

std::string with_crlf(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 32);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_pair = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (is_pair) continue;
    if (text[i] == '\r' || text[i] == '\n')
      out += "\r\n";
    else
      out += text[i];
  }
  return out;
}

}  // namespace rappel::mail
