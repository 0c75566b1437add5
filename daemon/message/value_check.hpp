// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include "message/template.hpp"

namespace rappel::message {

/// Reads the values planned with a reminder against what a template declares. One problem tells all
/// that is missing, unknown or wrong; its `where` is the JSON pointer of the first.
/// Unknown ones are refused when a reminder is planned and passed over when it leaves: a template
/// that has dropped a placeholder since must not stop what was planned before.
enum class UnknownValues { refused, passed_over };
Expected<Values> read_values(const Template& wanted, const boost::json::object& values,
                             UnknownValues unknown);

/// Adds the standard values and the template's defaults where nothing was planned, and refuses what
/// is still missing (`missing_value`) or of another type (`wrong_value`).
Expected<Values> complete_values(const Template& wanted, Values planned, const Values& standard);

}  // namespace rappel::message
