// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

// The rule language as JSON Schema (draft 2020-12), for editors that complete and check a file
// while it is written. Made from the tables that the readers work with. Only words are used that
// mean the same in draft-07, which some editors know better. What a schema cannot see (days that do
// not exist, versions that overlap) is left to the loader, which has the last word. Pure; any
// thread.

namespace rappel::rules {

/// Of templates/deadlines/**/*.yaml; kept as docs/rule.schema.json.
std::string rule_schema();
/// Of templates/calendar/campaigns/*.yaml; kept as docs/campaign.schema.json.
std::string campaign_schema();
/// Of templates/calendar/holidays.*.yaml; kept as docs/holidays.schema.json.
std::string holidays_schema();

}  // namespace rappel::rules
