// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

namespace rappel {

/// A password, key or token. Cannot be printed, compared or logged by accident: the only way in is
/// reveal(), which a reader can search for. Wiped when destroyed.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(Secret&&) noexcept = default;
  ~Secret();

  [[nodiscard]] const std::string& reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

  /// The content of a file (a systemd credential, a mounted secret) without its last newline.
  /// Throws std::runtime_error naming the path, never the content.
  static Secret from_file(const std::string& path);

 private:
  std::string value_;
};

}  // namespace rappel
