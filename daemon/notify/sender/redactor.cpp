// SPDX-License-Identifier: Apache-2.0
#include "notify/sender/redactor.hpp"

namespace rappel::notify::sender {
namespace {

/// Shorter pieces would blank innocent words.
constexpr std::size_t hidden_bytes_min = 4;

void blank(std::string& text, std::string_view needle) {
  if (needle.size() < hidden_bytes_min) return;
  for (auto at = text.find(needle); at != std::string::npos; at = text.find(needle, at + 3))
    text.replace(at, needle.size(), "***");
}

void cut(std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return;
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0) == 0x80) --bytes_max;
  text.resize(bytes_max);
}

}  // namespace

Redactor::Redactor(const Secret& credential) {
  hidden_.push_back(credential);
  const std::string_view all = credential.reveal();
  for (std::size_t start = 0; start < all.size();) {
    const auto end = std::min(all.find('\n', start), all.size());
    hidden_.emplace_back(std::string(all.substr(start, end - start)));
    start = end + 1;
  }
}

std::string Redactor::clean(std::string_view text, const std::vector<std::string_view>& personal,
                            std::size_t bytes_max) const {
  std::string cleaned(text);
  for (const auto& secret : hidden_) blank(cleaned, secret.reveal());
  for (const auto fact : personal) blank(cleaned, fact);
  cut(cleaned, bytes_max);
  return cleaned;
}

}  // namespace rappel::notify::sender
