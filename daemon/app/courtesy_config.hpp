// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/strict_yaml.hpp"
#include "dispatch/courtesy.hpp"

namespace rappel::app {

/// The `courtesy` section of the configuration: what is usual, and what some tenants have instead. A
/// tenant's entry says only what differs.
void read_manners(YamlMap map, dispatch::Manners& manners);

}  // namespace rappel::app
