// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/problem.hpp"

// Places by their INSEE code. Pure; any thread.

namespace rappel::profile {

/// Five characters: digits, but for the A or B of Corsica ("2A004").
bool is_insee_code(std::string_view code);

/// "75056" → "75", "2A004" → "2A", "97411" → "974", "98818" → "988"; empty for an empty code and
/// for "99…" (born or living abroad).
std::string departement_of(std::string_view insee);

/// Orders departements as tax zones read them: 19 < 20 ≤ 2A < 2B < 21 < … < 95 < 971. Nothing is
/// equal to two different departements. 0 when it is none.
int departement_sort_key(std::string_view departement);

/// The IANA zone of a departement; "Europe/Paris" for the mainland, Corsica and the unknown.
std::string_view zone_name_of(std::string_view departement);

/// Which public holidays apply: "metropole", "57-67-68", "971" … "978".
std::string_view holiday_zone_of(std::string_view departement);

/// Refuses to start when the system's tzdata lacks a zone that a citizen may live in.
Expected<void> check_zones();

}  // namespace rappel::profile
