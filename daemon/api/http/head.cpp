// SPDX-License-Identifier: Apache-2.0
#include "api/http/head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace rappel::api {
namespace {

constexpr std::size_t method_bytes_max = 16;
constexpr std::array<std::string_view, 5> served_methods{"GET", "HEAD", "POST", "PUT", "DELETE"};
constexpr std::array<std::string_view, 4> known_methods{"OPTIONS", "TRACE", "CONNECT", "PATCH"};
/// Headers whose second occurrence would leave two readings.
constexpr std::array<std::string_view, 12> single_headers{
    "host",         "content-length",   "transfer-encoding", "content-type",
    "content-encoding", "authorization", "idempotency-key",  "expect",
    "connection",   "range",            "x-forwarded-for",   "if-match"};

template <typename List>
bool contains(const List& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// RFC 9110, 5.6.2; without "_", which gateways that know CGI turn into "-".
bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_alphanumeric(c) || marks.find(c) != std::string_view::npos;
  });
}

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == '\t' || (c >= 0x20 && c < 0x7f); });
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
  return out;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view next_line(std::string_view& rest) {
  const auto end = rest.find("\r\n");
  const auto line = rest.substr(0, end);
  rest.remove_prefix(std::min(rest.size(), line.size() + 2));
  return line;
}

Served<void> read_request_line(std::string_view line, const HttpOptions& limits, Head& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return refuse_with(400, "bad_request_line", "the first line is not METHOD TARGET VERSION");
  head.method = std::string(line.substr(0, first));
  const auto target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);
  if (!is_token(head.method) || head.method.size() > method_bytes_max)
    return refuse_with(400, "bad_method", "the method is not a token");
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return version.substr(0, 5) == "HTTP/"
               ? refuse_with(505, "http_version", "this server speaks HTTP/1.1 and HTTP/1.0")
               : refuse_with(400, "bad_request_line", "the first line names no HTTP version");
  if (target.size() > limits.target_bytes_max)
    return refuse_with(414, "target_too_long",
                       fmt::format("a target has {} bytes at most", limits.target_bytes_max));
  if (target.empty() || target[0] != '/' || !is_visible(target) ||
      target.find('#') != std::string_view::npos)
    return refuse_with(400, "bad_target", "the target is not an absolute path of visible ASCII");
  head.target = std::string(target);
  head.keep_alive = version == "HTTP/1.1";
  return {};
}

Served<void> read_header_line(std::string_view line, Head& head) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return refuse_with(400, "bad_header", "a header line is folded or its name is not a token");
  Header header{lower(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))};
  if (!is_field_value(header.value))
    return refuse_with(400, "bad_header", "a header value holds a control or non-ASCII character");
  if (contains(single_headers, header.name)) {
    for (const auto& earlier : head.headers)
      if (earlier.name == header.name)
        return refuse_with(400, "duplicate_header",
                           fmt::format("{} may be given once", header.name));
  }
  head.headers.push_back(std::move(header));
  return {};
}

Served<void> read_headers(std::string_view rest, const HttpOptions& limits, Head& head) {
  while (!rest.empty()) {
    const auto line = next_line(rest);
    if (line.empty()) return {};
    if (head.headers.size() == limits.headers_max)
      return refuse_with(431, "too_many_headers",
                         fmt::format("a request has {} headers at most", limits.headers_max));
    if (auto read = read_header_line(line, head); !read) return read;
  }
  return {};
}

const std::string* find(const Head& head, std::string_view name) {
  for (const auto& header : head.headers)
    if (header.name == name) return &header.value;
  return nullptr;
}

Served<void> read_length(const std::string& value, const HttpOptions& limits, Head& head) {
  std::size_t length = 0;
  const char* end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, length);
  const bool digits = !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return c >= '0' && c <= '9';
  });
  if (!digits) return refuse_with(400, "bad_content_length", "Content-Length is not a number");
  if (read.ec != std::errc{} || length > limits.body_bytes_max)
    return refuse_with(413, "body_too_large",
                       fmt::format("a body has {} bytes at most", limits.body_bytes_max));
  head.content_length = length;
  return {};
}

/// How long the body is: exactly one reading, or none.
Served<void> read_framing(const HttpOptions& limits, Head& head) {
  const auto* coding = find(head, "transfer-encoding");
  const auto* length = find(head, "content-length");
  if (coding != nullptr && length != nullptr)
    return refuse_with(400, "two_lengths",
                       "Content-Length and Transfer-Encoding exclude each other");
  if (coding != nullptr && *coding != "chunked")
    return refuse_with(501, "transfer_encoding", "the only transfer coding known is chunked");
  if (coding != nullptr && !head.keep_alive)
    return refuse_with(400, "transfer_encoding", "HTTP/1.0 has no transfer coding");
  head.chunked = coding != nullptr;
  if (length != nullptr)
    if (auto read = read_length(*length, limits, head); !read) return read;
  const bool wants_body = head.method == "POST" || head.method == "PUT";
  if (wants_body && !head.chunked && !head.content_length)
    return refuse_with(411, "length_required", "a request with a body says its Content-Length");
  if (!wants_body && (head.chunked || head.content_length.value_or(0) > 0))
    return refuse_with(400, "unexpected_body", head.method + " takes no body");
  return {};
}

Served<void> check_method(const Head& head) {
  if (contains(served_methods, head.method)) return {};
  if (contains(known_methods, head.method))
    return refuse_with(405, "method_not_allowed", head.method + " is not served here",
                       {{"Allow", "GET, HEAD, POST, PUT, DELETE"}});
  return refuse_with(501, "unknown_method", "the method is not known");
}

Served<void> read_meaning(Head& head) {
  if (find(head, "host") == nullptr && head.keep_alive)
    return refuse_with(400, "missing_host", "HTTP/1.1 requires a Host header");
  if (find(head, "content-encoding") != nullptr)
    return refuse_with(415, "content_encoding", "a body must be sent uncompressed");
  if (find(head, "range") != nullptr)
    return refuse_with(416, "range", "parts of an answer are not served");
  if (find(head, "upgrade") != nullptr)
    return refuse_with(400, "upgrade", "this server speaks no other protocol");
  if (const auto* expect = find(head, "expect")) {
    if (lower(*expect) != "100-continue")
      return refuse_with(417, "expectation", "the only expectation known is 100-continue");
    head.expects_continue = true;
  }
  if (const auto* connection = find(head, "connection"))
    if (lower(*connection).find("close") != std::string::npos) head.keep_alive = false;
  return {};
}

}  // namespace

HeadScan scan_head(std::string_view bytes, std::size_t from) {
  if (bytes.empty()) return {};
  if (const char c = bytes[0]; !((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
    return {HeadProgress::malformed, 0};
  for (auto at = bytes.find('\n', from); at != std::string_view::npos;
       at = bytes.find('\n', at + 1)) {
    if (at == 0 || bytes[at - 1] != '\r') return {HeadProgress::malformed, 0};
    if (at >= 3 && bytes.substr(at - 3, 4) == "\r\n\r\n") return {HeadProgress::complete, at + 1};
  }
  return {};
}

Served<Head> parse_head(std::string_view bytes, const HttpOptions& limits) {
  Head head;
  auto rest = bytes;
  auto checked =
      read_request_line(next_line(rest), limits, head)
          .and_then([&] { return read_headers(rest, limits, head); })
          .and_then([&] { return check_method(head); })
          .and_then([&] { return read_framing(limits, head); })
          .and_then([&] { return read_meaning(head); });
  if (!checked) return tl::unexpected(std::move(checked.error()));
  return head;
}

Refusal head_too_large(std::string_view bytes) {
  if (bytes.find("\r\n") != std::string_view::npos)
    return {431, "head_too_large", "the headers are over the limit", {}, {}};
  const auto space = bytes.substr(0, method_bytes_max + 1).find(' ');
  if (space != std::string_view::npos)
    return {414, "target_too_long", "the first line is over the limit", {}, {}};
  return {400, "bad_request_line", "this is not an HTTP request", {}, {}};
}

}  // namespace rappel::api
