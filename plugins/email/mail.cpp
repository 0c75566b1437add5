// SPDX-License-Identifier: Apache-2.0
#include "mail.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>
#include <string_view>

#include "mail_text.hpp"

namespace rappel::email {
namespace {

/// Headers that are ours to write: a caller who could repeat one could forge it.
constexpr std::array<std::string_view, 10> own_headers{
    "date",   "from",    "to",         "cc",           "bcc",
    "sender", "subject", "message-id", "mime-version", "auto-submitted"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
  return out;
}

std::string extra_header(const rappel_header& header) {
  if (!mail::is_header_name(header.name)) throw std::invalid_argument("a header's name is not one");
  const auto name = lower(header.name);
  if (std::ranges::find(own_headers, name) != own_headers.end() || name.starts_with("content-"))
    throw std::invalid_argument("a header is not the caller's to set");
  return mail::header_line(header.name, mail::encoded(mail::safe(header.value)));
}

void add_part(curl_mime* mime, const char* type, std::string_view text) {
  const auto body = mail::with_crlf(text);
  auto* part = curl_mime_addpart(mime);
  if (part == nullptr) throw std::bad_alloc();
  curl_mime_data(part, body.data(), body.size());
  curl_mime_type(part, type);
  curl_mime_encoder(part, "quoted-printable");
}

}  // namespace

void append(List& list, const std::string& line) {
  auto* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  (void)list.release();
  list.reset(longer);
}

std::vector<std::string> header_lines(const rappel_message& message, const Settings& settings) {
  using mail::header_line;
  using mail::mailbox;
  using mail::safe;
  std::vector<std::string> lines{
      header_line("Date", mail::date(message.composed_at_us)),
      header_line("From", mailbox(safe(message.from_name), settings.from)),
      header_line("To", mailbox(safe(message.to_name), safe(message.to)))};
  if (!settings.reply_to.empty()) lines.push_back(header_line("Reply-To", settings.reply_to));
  lines.push_back(header_line("Subject", mail::encoded(safe(message.subject))));
  const std::string id =
      "<" + std::string(safe(message.idempotency_key)) + "@" + settings.domain + ">";
  if (id.find_first_of(" \t") != std::string::npos)
    throw std::invalid_argument("the idempotency key holds a space");
  lines.push_back(header_line("Message-ID", id));
  lines.push_back("Auto-Submitted: auto-generated");
  if (*message.language != '\0')
    lines.push_back(header_line("Content-Language", safe(message.language)));
  for (std::size_t i = 0; i < message.header_count; ++i)
    lines.push_back(extra_header(message.headers[i]));
  return lines;
}

Mime body_of(CURL* handle, const rappel_message& message) {
  Mime mail(curl_mime_init(handle));
  Mime parts(curl_mime_init(handle));
  if (!mail || !parts) throw std::bad_alloc();
  add_part(parts.get(), "text/plain; charset=utf-8", message.text);
  if (message.html != nullptr) add_part(parts.get(), "text/html; charset=utf-8", message.html);
  auto* whole = curl_mime_addpart(mail.get());
  if (whole == nullptr) throw std::bad_alloc();
  curl_mime_subparts(whole, parts.release());
  curl_mime_type(whole, "multipart/alternative");
  return mail;
}

}  // namespace rappel::email
