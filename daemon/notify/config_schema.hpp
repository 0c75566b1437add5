// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/problem.hpp"

namespace rappel::notify {

/// Checks a notifier's configuration (JSON text, an object) against the schema its plugin carries.
/// The subset of JSON Schema that is known is listed in rappel/plugin.h; a schema with another
/// keyword is refused rather than half obeyed. Every problem is given at once, `where` being a JSON
/// pointer; values are never repeated, since one may be a misplaced secret. Pure; any thread.
tl::expected<void, std::vector<Problem>> check_config(std::string_view config_json,
                                                      std::string_view schema_json);

}  // namespace rappel::notify
