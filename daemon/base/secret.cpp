// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include <sodium.h>

#include <stdexcept>

#include "base/text_file.hpp"

namespace rappel {

namespace {
constexpr std::size_t secret_bytes_max = 64 * 1024;
}

Secret::~Secret() { sodium_memzero(value_.data(), value_.size()); }

Secret Secret::from_file(const std::string& path) {
  auto text = read_text_file(path, secret_bytes_max);
  if (!text) throw std::runtime_error("the secret file " + path + " " + text.error());
  if (!text->empty() && text->back() == '\n') text->pop_back();
  return Secret{std::move(*text)};
}

}  // namespace rappel
