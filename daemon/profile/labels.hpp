// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "profile/channel.hpp"

// What the names and the words of the vocabulary are called in a sentence: a citizen reads
// "document : carte d'identité", not "document.kind : cni". Pure; any thread.

namespace rappel::profile {

/// Of a fact that a rule may name, of a type of event or of a kind of declaration; empty when it
/// has none.
std::string_view label_of_name(std::string_view name, Language language);

/// Of a word that the fact `name` may hold: one of its closed list. Empty when it has none, and for a fact
/// that holds a free text.
std::string_view label_of_word(std::string_view name, std::string_view word, Language language);

}  // namespace rappel::profile
