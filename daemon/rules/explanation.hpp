// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "rules/program.hpp"
#include "rules/rule.hpp"

namespace rappel::rules {

/// {text: {fr, en}, from, to}: one step of the arithmetic.
boost::json::object arithmetic_step(boost::json::object text, CivilDate from, CivilDate to);
/// Why a limit moved from a closed day, and which day is surely in time.
boost::json::object rolled_step(CivilDate from, CivilDate to);
boost::json::object safe_step(CivilDate limit, CivilDate safe);

/// The whole explanation; `context` holds the derived dates. See PlannedDeadline for its keys.
boost::json::object explain(const Rule& rule, const Context& context, boost::json::array conditions,
                            boost::json::array arithmetic);

/// Adds the first next step whose condition holds, if any does.
void add_next_step(const Program& program, const Context& context,
                   boost::json::object& explanation);

std::string_view to_string(Confidence confidence);

}  // namespace rappel::rules
