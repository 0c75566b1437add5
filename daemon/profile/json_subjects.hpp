// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include "profile/profile.hpp"

// The stored form of what rules are applied to (documents, children, vehicles, …) and of the person's
// situation. Private to this module.

namespace rappel::profile {

/// Unknown facts are left out.
void write_subjects(boost::json::object& object, const Profile& profile);
/// Reads what write_subjects wrote; throws std::exception on anything else.
void read_subjects(Profile& profile, const boost::json::object& object);

}  // namespace rappel::profile
