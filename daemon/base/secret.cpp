// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include <sodium.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace rappel {

namespace {
constexpr std::size_t secret_bytes_max = 64 * 1024;
}

Secret::~Secret() { sodium_memzero(value_.data(), value_.size()); }

Secret Secret::from_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read the secret file " + path);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (text.size() > secret_bytes_max)
    throw std::runtime_error("the secret file " + path + " is larger than 64 KiB");
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return Secret{std::move(text)};
}

}  // namespace rappel
