// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "rules/rule_book.hpp"

namespace rappel::rules {

/// Which rules take the place of which, for the same subject. Immutable once made.
class Supersessions {
 public:
  Supersessions() = default;
  /// Refuses a rule that replaces itself or one that does not exist. Rules that replace one another
  /// get the same areas: they are always evaluated together.
  Supersessions(std::span<Rule> rules, std::vector<Problem>& problems);

  /// Marks the open deadlines whose place another one of the evaluation has taken; they are not
  /// reminded of any more.
  void apply(Evaluation& evaluation) const;

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;  ///< the newer, the one it replaces
};

}  // namespace rappel::rules
