// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "rules/rule_book.hpp"

namespace rappel::rules {

/// Raised whenever the same rules say something else of the same person because this program has
/// changed: then everybody is evaluated anew.
inline constexpr int evaluation_format = 3;

/// BLAKE2b-256 of a text, as 64 hexadecimal digits.
std::string hash_of(std::string_view text);

/// Finds what a rule's answer rests on (Rule::basis) by its id and version.
using FindBasis = std::function<std::string_view(const PlannedDeadline& deadline)>;

/// BLAKE2b-128 of an evaluation's deadlines, states and stages, each with the basis of its rule; 16
/// bytes. Explanations and values are not read: they follow from the basis and the profile.
std::string digest_of(const Evaluation& evaluation, const FindBasis& basis);

}  // namespace rappel::rules
