// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/ctl/command.hpp"

namespace rappel::app::ctl {

/// The words of one command: --name VALUE pairs and the rest in order. Unknown names are refused
/// with the nearest known one.
class Options {
 public:
  Options(const std::vector<std::string>& words, std::vector<std::string> known);

  [[nodiscard]] std::optional<std::string> find(const std::string& name) const;
  /// Throws UsageError when it is missing.
  [[nodiscard]] std::string need(const std::string& name) const;
  /// One of `known`, or nothing when it was not given; throws UsageError naming the nearest one.
  [[nodiscard]] std::optional<std::string> one_of(const std::string& name,
                                                  const std::vector<std::string>& known) const;
  [[nodiscard]] int number(const std::string& name, int fallback, int min, int max) const;
  [[nodiscard]] const std::vector<std::string>& rest() const { return rest_; }
  /// The only word left; throws UsageError naming `what` otherwise.
  [[nodiscard]] std::string only(const std::string& what) const;

 private:
  std::map<std::string, std::string> values_;
  std::vector<std::string> rest_;
};

/// The word itself when it is one of `known`; throws UsageError naming the nearest one otherwise.
const std::string& known_word(const std::string& word, const std::vector<std::string>& known);
/// The first word left of those of one command, such as create or list.
std::string action_of(const Options& options, const std::vector<std::string>& known);

}  // namespace rappel::app::ctl
