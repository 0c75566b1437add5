// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/library.hpp"

namespace rappel::app::ctl {

/// The rules and messages of a templates folder. Prints every problem and throws UsageError when there
/// is one.
Library need_library(const Config& config);
/// The same of another folder.
Library need_library(const Config& config, std::string folder);

/// Throws UsageError that names the countries which the rules know.
void check_country(const rules::RuleBook& rules, const std::string& country);

}  // namespace rappel::app::ctl
