// SPDX-License-Identifier: Apache-2.0
#include "api/query.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <charconv>
#include <vector>

#include "base/utf8.hpp"

namespace rappel::api {
namespace {

constexpr std::size_t cursor_bytes_max = 512;
constexpr std::size_t seal_bytes = 16;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_clean_text(std::string_view text) {
  while (!text.empty()) {
    const auto length = utf8_length(text);
    if (length == 0) return false;
    if (length == 1 && (static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7f))
      return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string seal_of(std::string_view cursor, TenantId tenant, std::string_view list) {
  const auto text = fmt::format("rappel cursor v1\n{}\n{}\n{}", tenant.to_string(), list, cursor);
  std::string seal(seal_bytes, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(seal.data()), seal.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  return seal;
}

std::string to_base64(std::string_view bytes) {
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(),
                                            sodium_base64_VARIANT_URLSAFE_NO_PADDING),
                  '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  out.pop_back();  // the terminating zero
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string out(text.size(), '\0');
  std::size_t length = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(),
                        text.size(), nullptr, &length, nullptr,
                        sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
    return std::nullopt;
  out.resize(length);
  return out;
}

Served<std::string> read_cursor(const std::string& text, TenantId tenant, std::string_view list) {
  const auto bytes = text.size() <= cursor_bytes_max ? from_base64(text) : std::nullopt;
  if (bytes && bytes->size() > seal_bytes) {
    auto cursor = bytes->substr(seal_bytes);
    if (bytes->substr(0, seal_bytes) == seal_of(cursor, tenant, list)) return cursor;
  }
  return refuse_with(400, "bad_cursor", "the cursor was not given for this list");
}

Served<std::size_t> read_limit(const std::string& text) {
  std::size_t limit = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (read.ec == std::errc{} && read.ptr == text.data() + text.size() && limit >= 1 &&
      limit <= store::page_items_max)
    return limit;
  return refuse_with(400, "bad_limit",
                     fmt::format("limit is a number from 1 to {}", store::page_items_max));
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += char(high * 16 + low);
    i += 2;
  }
  if (!is_clean_text(out)) return std::nullopt;
  return out;
}

Served<Query> parse_query(std::string_view text) {
  Query query;
  while (!text.empty()) {
    const auto pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    const auto name = percent_decoded(pair.substr(0, equals));
    const auto value = equals == std::string_view::npos ? std::optional<std::string>("")
                                                        : percent_decoded(pair.substr(equals + 1));
    if (!name || name->empty() || !value)
      return refuse_with(400, "bad_query", "the query cannot be decoded");
    if (!query.emplace(*name, *value).second)
      return refuse_with(400, "bad_query", "a query parameter is given twice");
  }
  return query;
}

Served<store::PageRequest> page_request(const Query& query, TenantId tenant,
                                        std::string_view list) {
  store::PageRequest page;
  for (const auto& [name, value] : query) {
    if (name == "limit") {
      const auto limit = read_limit(value);
      if (!limit) return tl::unexpected(limit.error());
      page.limit = *limit;
    } else if (name == "cursor") {
      auto cursor = read_cursor(value, tenant, list);
      if (!cursor) return tl::unexpected(cursor.error());
      page.cursor = std::move(*cursor);
    } else {
      return refuse_with(400, "unknown_parameter", "a list takes only limit and cursor");
    }
  }
  return page;
}

std::string shown_cursor(std::string_view cursor, TenantId tenant, std::string_view list) {
  if (cursor.empty()) return {};
  return to_base64(seal_of(cursor, tenant, list) + std::string(cursor));
}

}  // namespace rappel::api
