// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "profile/shape.hpp"

namespace rappel::profile {
namespace {

constexpr std::size_t email_bytes_max = 254;
constexpr std::size_t email_local_bytes_max = 64;
constexpr std::size_t phone_digits_min = 8;
constexpr std::size_t phone_digits_max = 15;  // E.164
constexpr std::size_t phone_text_bytes_max = 40;

// National prefixes that belong to an overseas country code.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> overseas_prefixes{
    {{"0262", "+262"},
     {"0263", "+262"},
     {"0269", "+262"},
     {"0639", "+262"},
     {"0692", "+262"},
     {"0693", "+262"},
     {"0590", "+590"},
     {"0690", "+590"},
     {"0691", "+590"},
     {"0594", "+594"},
     {"0694", "+594"},
     {"0596", "+596"},
     {"0696", "+596"},
     {"0697", "+596"}}};

tl::unexpected<Problem> bad_phone(std::string detail) {
  return refuse(ProblemKind::invalid, "bad_phone", std::move(detail), {},
                "write 06 12 34 56 78, or +33 6 12 34 56 78 with the country's code");
}

tl::unexpected<Problem> bad_email(std::string detail) {
  return refuse(ProblemKind::invalid, "bad_email", std::move(detail), {}, "write name@example.fr");
}

bool digit(unsigned char c) {
  return c >= '0' && c <= '9';
}

/// Digits with at most a leading plus; empty when anything else stands in it.
std::string phone_digits(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (digit(static_cast<unsigned char>(c)) || (c == '+' && digits.empty())) {
      digits += c;
    } else if (std::string_view(" .-()/").find(c) == std::string_view::npos) {
      return {};
    }
  }
  return digits;
}

/// "+33 (0)6 12…" is often written; the 0 between brackets is not dialled.
std::string without_trunk_zero(std::string_view text) {
  std::string copy(text);
  const auto zero = copy.find("(0)");
  if (zero != std::string::npos && (copy.starts_with('+') || copy.starts_with("00")))
    copy.erase(zero, 3);
  return copy;
}

std::string international(const std::string& digits) {
  if (digits.starts_with('+')) return digits;
  if (digits.starts_with("00")) return "+" + digits.substr(2);
  if (digits.size() != 10 || digits.front() != '0') return {};
  for (const auto& [prefix, code] : overseas_prefixes) {
    if (digits.starts_with(prefix)) return std::string(code) + digits.substr(1);
  }
  return "+33" + digits.substr(1);
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

Expected<std::string> normalise_phone(std::string_view text) {
  if (text.size() > phone_text_bytes_max) return bad_phone("is too long to be a phone number");
  const auto digits = phone_digits(without_trunk_zero(text));
  if (digits.empty()) return bad_phone("holds something that is not part of a phone number");
  auto number = international(digits);
  if (number.empty()) return bad_phone("is not a French number of ten digits");
  const auto count = number.size() - 1;
  if (count < phone_digits_min || count > phone_digits_max || number[1] == '0')
    return bad_phone("has too few or too many digits");
  if (number.starts_with("+33") && (count != 11 || number[3] == '0'))
    return bad_phone("is not a French number of ten digits");
  return number;
}

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
