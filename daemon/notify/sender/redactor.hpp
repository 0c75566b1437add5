// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace rappel::notify::sender {

/// Takes secrets and personal facts out of what a plugin or a provider says, whatever they say: the
/// last gate before a log line or an answer leaves the sender. Immutable once made; any thread.
class Redactor {
 public:
  /// Hides the credential whole, and each of its lines.
  explicit Redactor(const Secret& credential);

  /// `text` without secrets and without any of `personal`, cut to `bytes_max` at a character's
  /// edge.
  [[nodiscard]] std::string clean(std::string_view text,
                                  const std::vector<std::string_view>& personal,
                                  std::size_t bytes_max) const;

 private:
  std::vector<Secret> hidden_;
};

}  // namespace rappel::notify::sender
