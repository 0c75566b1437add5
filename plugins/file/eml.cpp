// SPDX-License-Identifier: Apache-2.0
#include "eml.hpp"

#include <algorithm>
#include <ctime>
#include <stdexcept>

namespace rappel::file_notifier {
namespace {

std::string base64(std::string_view bytes) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t offset) {
      return i + offset < bytes.size() ? static_cast<unsigned char>(bytes[i + offset]) : 0u;
    };
    const unsigned triple = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (int place = 0; place < 4; ++place)
      text += i + std::size_t(place) <= bytes.size() ? alphabet[triple >> (18 - 6 * place) & 63] : '=';
  }
  return text;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

/// RFC 2047: pieces of at most 45 bytes, cut between characters.
std::string encoded(std::string_view text) {
  constexpr std::size_t piece_bytes_max = 45;
  if (is_ascii(text)) return std::string(text);
  std::string words;
  while (!text.empty()) {
    std::size_t size = std::min(piece_bytes_max, text.size());
    while (size < text.size() && size > 1 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
      --size;
    if (!words.empty()) words += "\r\n ";
    words += "=?UTF-8?B?" + base64(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return words;
}

void header(std::string& out, std::string_view name, std::string_view value) {
  if (breaks_a_header(name) || breaks_a_header(value))
    throw std::invalid_argument("a header holds a control character");
  out.append(name).append(": ").append(encoded(value)).append("\r\n");
}

std::string date_text(std::int64_t microseconds) {
  const std::time_t seconds = microseconds / 1'000'000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  const auto size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &parts);
  return {text, size};
}

/// An address with a display name, which is quoted or encoded.
std::string mailbox(std::string_view name, std::string_view address) {
  const std::string angled = "<" + std::string(address) + ">";
  if (name.empty()) return angled;
  if (!is_ascii(name)) return encoded(name) + " " + angled;
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\" " + angled;
}

void address(std::string& out, std::string_view name, std::string_view display,
             std::string_view where) {
  if (breaks_a_header(display) || breaks_a_header(where))
    throw std::invalid_argument("a header holds a control character");
  out.append(name).append(": ").append(mailbox(display, where)).append("\r\n");
}

void part(std::string& out, std::string_view type, std::string_view body) {
  out.append("Content-Type: ").append(type).append("; charset=utf-8\r\n");
  out.append("Content-Transfer-Encoding: 8bit\r\n\r\n");
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '\r') continue;
    if (body[i] == '\n') out += '\r';
    out += body[i];
  }
  out += "\r\n";
}

}  // namespace

bool breaks_a_header(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::string eml(const rappel_message& message, const std::string& domain) {
  std::string out;
  header(out, "Date", date_text(message.composed_at_us));
  address(out, "From", message.from_name, "rappel@" + domain);
  address(out, "To", message.to_name, message.to);
  header(out, "Subject", message.subject);
  header(out, "Message-ID", std::string("<") + message.idempotency_key + "@" + domain + ">");
  header(out, "Auto-Submitted", "auto-generated");
  for (std::size_t i = 0; i < message.header_count; ++i)
    header(out, message.headers[i].name, message.headers[i].value);
  header(out, "MIME-Version", "1.0");
  if (message.html == nullptr) {
    part(out, "text/plain", message.text);
    return out;
  }
  const std::string boundary = std::string("=_") + message.delivery_id;
  header(out, "Content-Type", "multipart/alternative; boundary=\"" + boundary + "\"");
  out += "\r\n--" + boundary + "\r\n";
  part(out, "text/plain", message.text);
  out += "--" + boundary + "\r\n";
  part(out, "text/html", message.html);
  return out + "--" + boundary + "--\r\n";
}

std::string plain(const rappel_message& message) {
  std::string out = std::string("To: ") + message.to + "\nFrom: " + message.from_name +
                    "\nId: " + message.idempotency_key + "\n";
  if (*message.subject != '\0') out += std::string("Subject: ") + message.subject + "\n";
  if (message.sms_segments > 0)
    out += "Segments: " + std::to_string(message.sms_segments) + "\n";
  return out + "\n" + message.text + "\n";
}

}  // namespace rappel::file_notifier
