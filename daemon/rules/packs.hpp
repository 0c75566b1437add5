// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "rules/rule.hpp"

namespace rappel::rules {

/// A moment of life under which rules are grouped for a person who meets it.
struct Pack {
  std::string_view name;  ///< "birth"
  std::string_view fr, en;
};

std::span<const Pack> packs();
std::span<const std::string_view> pack_names();

}  // namespace rappel::rules
