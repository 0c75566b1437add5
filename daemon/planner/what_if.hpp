// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "planner/planner.hpp"

namespace rappel::planner {

/// POST /v1/simulate: what the rules of a tenant's country say of a person who is not stored.
/// {citizen: {…}, events?: […], as_of?: date} → {as_of, deadlines, reminders, notes,
/// packs}. With `as_of`, the rules in force on that day. Pure: nothing is read or written.
Expected<Answer> what_if(const rules::RuleBook& rules, const store::Tenant& tenant,
                         const Request& request, const boost::json::object& body,
                         std::size_t events_max);

}  // namespace rappel::planner
