// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/array.hpp>
#include <optional>
#include <string>

namespace rappel::app::ctl {

/// The lanes of the daemon that runs on this state directory (GET /lanes); nothing when none answers
/// within two seconds.
std::optional<boost::json::array> lanes_of_daemon(const std::string& state_directory);

/// One line for each lane, its state in plain words.
std::string describe_lanes(const boost::json::array& lanes);

}  // namespace rappel::app::ctl
