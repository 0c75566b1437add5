// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace rappel::app {

/// docs/VOCABULARY.md: every event with its data, every fact that a rule may name, every pack, from
/// the tables that the code works with.
std::string vocabulary_page();

}  // namespace rappel::app
