// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "profile/facts.hpp"

// The facts of a situation by their names, one table for each type, from which they are folded,
// stored and read by rules.

namespace rappel::profile {

template <typename T>
using SituationFact = std::pair<std::string_view, T Situation::*>;

inline constexpr std::array<SituationFact<std::optional<bool>>, 14> situation_flags{
    {{"ressortissant_eee", &Situation::ressortissant_eee},
     {"etudiant", &Situation::etudiant},
     {"boursier", &Situation::boursier},
     {"handicap", &Situation::handicap},
     {"enceinte", &Situation::enceinte},
     {"inscrit_france_travail", &Situation::inscrit_france_travail},
     {"proprietaire_logement", &Situation::proprietaire_logement},
     {"impots_mensualises", &Situation::impots_mensualises},
     {"cheque_energie_eligible", &Situation::cheque_energie_eligible},
     {"cheque_energie_automatique", &Situation::cheque_energie_automatique},
     {"micro_entrepreneur", &Situation::micro_entrepreneur},
     {"travailleur_independant", &Situation::travailleur_independant},
     {"parcoursup", &Situation::parcoursup},
     {"bailleur", &Situation::bailleur}}};

inline constexpr std::array<SituationFact<std::string>, 3> situation_words{
    {{"categorie_non_salarie", &Situation::categorie_non_salarie},
     {"periodicite_declaration", &Situation::periodicite_declaration},
     {"niveau_etudes", &Situation::niveau_etudes}}};

inline constexpr std::array<SituationFact<std::optional<CivilDate>>, 3> situation_dates{
    {{"entreprise_debut", &Situation::entreprise_debut},
     {"date_depart_retraite", &Situation::date_depart_retraite},
     {"echeance_assurance_logement", &Situation::echeance_assurance_logement}}};

inline constexpr std::array<SituationFact<std::optional<std::int64_t>>, 1> situation_numbers{
    {{"taux_incapacite", &Situation::taux_incapacite}}};

}  // namespace rappel::profile
