// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/config.hpp"
#include "base/problem.hpp"
#include "message/catalogue.hpp"
#include "rules/rule_book.hpp"
#include "store/store.hpp"

namespace rappel::app {

/// The rules and the messages of a templates folder, checked on their own and against each other.
struct Library {
  std::shared_ptr<const rules::RuleBook> rules;
  std::shared_ptr<const message::Catalogue> messages;
};

/// Loads both; every problem is listed. A rule whose message does not exist, or that does not give
/// the values its message needs, is refused here and not when a reminder is planned.
Checked<Library> load_library(const std::string& templates_directory,
                              calendar::Custom custom = calendar::Custom::left_out);
/// As a configuration says.
Checked<Library> load_library(const Config& config);

/// Records the versions in force, for later proof of what was said and why.
void record_versions(store::Store& store, const Library& library, Instant now);

}  // namespace rappel::app
