// SPDX-License-Identifier: Apache-2.0
#include "base/problem.hpp"

namespace rappel {

std::string to_string(const Problem& problem) {
  std::string text = problem.where.empty() ? "" : problem.where + ": ";
  text += problem.detail;
  if (!problem.mend.empty()) text += " (" + problem.mend + ")";
  return text;
}

}  // namespace rappel
