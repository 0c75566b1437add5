// SPDX-License-Identifier: Apache-2.0
#include "api/http/chunked_body.hpp"

#include <algorithm>
#include <charconv>

namespace rappel::api {
namespace {

constexpr std::size_t size_digits_max = 8;

}  // namespace

ChunkedBody::Progress ChunkedBody::feed(std::string_view bytes, std::size_t& taken) {
  auto rest = bytes;
  while (progress_ == Progress::incomplete && step(rest)) {
  }
  taken = bytes.size() - rest.size();
  return progress_;
}

bool ChunkedBody::step(std::string_view& rest) {
  switch (expects_) {
    case Expects::size:
      return read_size(rest);
    case Expects::data:
      return read_data(rest);
    case Expects::end_of_data:
    case Expects::end_of_body:
      return read_empty_line(rest);
  }
  return false;
}

bool ChunkedBody::read_size(std::string_view& rest) {
  const auto end = rest.find('\n');
  const auto line = rest.substr(0, end);
  if (end == std::string_view::npos) {
    if (line.size() > size_digits_max + 1) progress_ = Progress::malformed;
    return false;
  }
  std::size_t size = 0;
  const char* last = line.data() + line.size() - (line.empty() ? 0 : 1);
  const auto read = std::from_chars(line.data(), last, size, 16);
  if (line.size() < 2 || line.back() != '\r' || line.size() > size_digits_max + 1 ||
      read.ec != std::errc{} || read.ptr != last || line.front() == '-') {
    progress_ = Progress::malformed;
    return false;
  }
  rest.remove_prefix(end + 1);
  if (size > bytes_max_ - body_.size()) {
    progress_ = Progress::too_large;
    return false;
  }
  left_ = size;
  expects_ = size == 0 ? Expects::end_of_body : Expects::data;
  return true;
}

bool ChunkedBody::read_data(std::string_view& rest) {
  const auto count = std::min(left_, rest.size());
  body_.append(rest.substr(0, count));
  rest.remove_prefix(count);
  left_ -= count;
  if (left_ > 0) return false;
  expects_ = Expects::end_of_data;
  return true;
}

bool ChunkedBody::read_empty_line(std::string_view& rest) {
  constexpr std::string_view end_of_line = "\r\n";
  if (rest.substr(0, 2) != end_of_line.substr(0, std::min<std::size_t>(rest.size(), 2))) {
    progress_ = Progress::malformed;
    return false;
  }
  if (rest.size() < 2) return false;
  rest.remove_prefix(2);
  if (expects_ == Expects::end_of_body) progress_ = Progress::complete;
  expects_ = Expects::size;
  return true;
}

}  // namespace rappel::api
