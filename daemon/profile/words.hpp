// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "profile/vocabulary.hpp"

// Words that a citizen's record and events share. Private to this module.

namespace rappel::profile::words {

using Words = std::string_view;

inline constexpr std::array<Words, 7> channels{"email",  "sms",  "inapp",  "push",
                                               "letter", "call", "webhook"};
inline constexpr std::array<Words, 5> activites{"actif", "chomeur", "etudiant", "retraite",
                                                "inactif"};

inline constexpr std::array address_fields{
    Field{.name = "lines", .doc = "street, building, floor", .list = true, .nullable = true},
    Field{.name = "postcode", .nullable = true, .max = 10},
    Field{.name = "city", .nullable = true, .max = 100},
    Field{.name = "insee",
          .type = FieldType::insee,
          .doc = "commune; gives the departement, the public holidays and the hour of day",
          .nullable = true},
};
inline constexpr Shape address_shape{"an address", address_fields};

extern const Shape citizen_record;

}  // namespace rappel::profile::words
