// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <yaml-cpp/yaml.h>

#include <boost/json/value.hpp>

namespace rappel::app {

/// A checked YAML node as JSON: plain true, false and decimal integers keep their type, everything
/// else is a text.
boost::json::value yaml_to_json(const YAML::Node& node);

}  // namespace rappel::app
