// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rappel::api {

/// A body in chunks (RFC 9112, 7.1), read strictly: sizes are hexadecimal digits and nothing else,
/// chunk extensions and trailers are refused. Pure; memory is bounded by the limit.
class ChunkedBody {
 public:
  enum class Progress { incomplete, complete, malformed, too_large };

  explicit ChunkedBody(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Takes what it can from the front of `bytes` and says how much in `taken`.
  Progress feed(std::string_view bytes, std::size_t& taken);
  [[nodiscard]] const std::string& body() const { return body_; }
  std::string release() { return std::move(body_); }

 private:
  enum class Expects { size, data, end_of_data, end_of_body };
  /// One step; true when it went further.
  bool step(std::string_view& rest);
  bool read_size(std::string_view& rest);
  bool read_data(std::string_view& rest);
  bool read_empty_line(std::string_view& rest);

  std::size_t bytes_max_;
  std::string body_;
  std::size_t left_ = 0;
  Expects expects_ = Expects::size;
  Progress progress_ = Progress::incomplete;
};

}  // namespace rappel::api
