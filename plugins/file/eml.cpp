// SPDX-License-Identifier: Apache-2.0
#include "eml.hpp"

#include <stdexcept>
#include <string_view>

#include "mail_text.hpp"

namespace rappel::file_notifier {
namespace {

void header(std::string& out, std::string_view name, std::string_view value) {
  if (!mail::is_header_name(name)) throw std::invalid_argument("a header's name is not one");
  out += mail::header_line(name, mail::encoded(mail::safe(value))) + "\r\n";
}

void address(std::string& out, std::string_view name, std::string_view display,
             std::string_view where) {
  out += mail::header_line(name, mail::mailbox(mail::safe(display), mail::safe(where))) + "\r\n";
}

void part(std::string& out, std::string_view type, std::string_view body) {
  out.append("Content-Type: ").append(type).append("; charset=utf-8\r\n");
  out.append("Content-Transfer-Encoding: 8bit\r\n\r\n").append(mail::with_crlf(body)) += "\r\n";
}

}  // namespace

std::string eml(const rappel_message& message, const std::string& domain) {
  std::string out;
  header(out, "Date", mail::date(message.composed_at_us));
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
  out += "Content-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n";
  out += "\r\n--" + boundary + "\r\n";
  part(out, "text/plain", message.text);
  out += "--" + boundary + "\r\n";
  part(out, "text/html", message.html);
  return out + "--" + boundary + "--\r\n";
}

std::string plain(const rappel_message& message) {
  std::string out;
  const auto line = [&](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(mail::safe(value)) += "\n";
  };
  line("To", message.to);
  line("From", message.from_name);
  line("Id", message.idempotency_key);
  if (*message.subject != '\0') line("Subject", message.subject);
  if (message.sms_segments > 0) line("Segments", std::to_string(message.sms_segments));
  return out + "\n" + message.text + "\n";
}

}  // namespace rappel::file_notifier
