// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "profile/shape.hpp"

namespace rappel::profile {
namespace {

constexpr std::size_t email_bytes_max = 254;
constexpr std::size_t email_local_bytes_max = 64;

tl::unexpected<Problem> bad_email(std::string detail) {
  return refuse(ProblemKind::invalid, "bad_email", std::move(detail), {}, "write name@example.fr");
}

bool digit(unsigned char c) {
  return c >= '0' && c <= '9';
}

bool is_local_character(unsigned char c) {
  return c > ' ' && c != 0x7f &&
         std::string_view("<>()[]\\,;:\"@").find(char(c)) == std::string_view::npos;
}

bool is_domain_character(unsigned char c) {
  return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c >= 0x80;
}

bool is_domain_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return is_domain_character(static_cast<unsigned char>(c)); });
}

bool is_domain(std::string_view domain) {
  std::size_t labels = 0;
  while (true) {
    const auto dot = domain.find('.');
    if (!is_domain_label(domain.substr(0, dot))) return false;
    ++labels;
    if (dot == std::string_view::npos) return labels >= 2;
    domain.remove_prefix(dot + 1);
  }
}

bool is_local_part(std::string_view local) {
  return !local.empty() && local.size() <= email_local_bytes_max && local.front() != '.' &&
         local.back() != '.' && local.find("..") == std::string_view::npos &&
         std::all_of(local.begin(), local.end(),
                     [](char c) { return is_local_character(static_cast<unsigned char>(c)); });
}

}  // namespace

Expected<std::string> normalise_email(std::string_view text) {
  const auto at = text.rfind('@');
  if (text.size() > email_bytes_max) return bad_email("is longer than 254 bytes");
  if (at == std::string_view::npos) return bad_email("has no @");
  if (!is_local_part(text.substr(0, at))) return bad_email("has a wrong name before the @");
  if (!is_domain(text.substr(at + 1))) return bad_email("has a wrong domain after the @");
  std::string address(text);
  std::transform(address.begin() + std::ptrdiff_t(at), address.end(),
                 address.begin() + std::ptrdiff_t(at),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return address;
}

}  // namespace rappel::profile
