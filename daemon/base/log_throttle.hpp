// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace rappel {

/// Lets one line of a kind into the log in a while and counts the others. One thread.
///
///   if (const auto silent = throttle.pass(loop.steady())) log::warning("RPL-…", "… ({} more)", *silent);
class LogThrottle {
 public:
  explicit LogThrottle(std::chrono::seconds every) : every_(every) {}

  /// Nothing while a line was written lately; else how many were not, since.
  std::optional<std::uint64_t> pass(std::chrono::microseconds steady) {
    if (next_ && steady < *next_) {
      ++silent_;
      return std::nullopt;
    }
    next_ = steady + every_;
    return std::exchange(silent_, 0);
  }

 private:
  std::chrono::seconds every_;
  std::optional<std::chrono::microseconds> next_;
  std::uint64_t silent_ = 0;
};

/// The end of a line that stands for `silent` others too.
inline std::string and_more(std::uint64_t silent) {
  return silent == 0 ? std::string() : " (and " + std::to_string(silent) + " more like this)";
}

}  // namespace rappel
