// SPDX-License-Identifier: Apache-2.0
// The words of a citizen's record. Names are those of FranceConnect and of OpenFisca-France where they
// have one; the rest is ours. The words of events stand in words_of_events.cpp.
#include "profile/words.hpp"

namespace rappel::profile {
namespace {

using Words = std::string_view;

constexpr std::array<Words, 2> languages{"fr", "en"};
constexpr std::array<Words, 2> reading_levels{"standard", "plain"};
constexpr std::array<Words, 2> genders{"female", "male"};
constexpr std::array<Words, 7> statuts_maritaux{"non_renseigne", "marie", "celibataire", "divorce",
                                                "veuf",          "pacse", "jeune_veuf"};
constexpr std::array<Words, 9> logements{"non_renseigne",     "primo_accedant",  "proprietaire",
                                         "locataire_hlm",     "locataire_vide",  "locataire_meuble",
                                         "loge_gratuitement", "locataire_foyer", "sans_domicile"};
constexpr std::array<Words, 8> needs{"low_vision",  "blind",        "hard_of_hearing",
                                     "deaf",        "cognitive",    "reduced_mobility",
                                     "no_internet", "no_smartphone"};
constexpr std::array<Words, 4> categories_non_salarie{"non_pertinent", "artisan", "commercant",
                                                      "profession_liberale"};
constexpr std::array<Words, 2> periodicites{"mensuelle", "trimestrielle"};
constexpr std::array<Words, 4> niveaux_etudes{"college", "lycee", "terminale", "superieur"};

constexpr std::array contact_fields{
    Field{.name = "channel", .type = FieldType::choice, .required = true, .choices = words::channels},
    Field{.name = "address",
          .doc = "e-mail address, or phone number (kept as E.164)",
          .required = true,
          .max = 254},
    Field{.name = "usable",
          .type = FieldType::boolean,
          .doc = "true mends an address that a provider had refused"},
};
constexpr Shape contact_shape{"a contact", contact_fields};

constexpr std::array quiet_fields{
    Field{.name = "from", .type = FieldType::time, .required = true},
    Field{.name = "to", .type = FieldType::time, .required = true},
};
constexpr Shape quiet_shape{"quiet hours", quiet_fields};

constexpr std::array preference_fields{
    Field{.name = "channels",
          .type = FieldType::choice,
          .doc = "in the citizen's order",
          .list = true,
          .nullable = true,
          .choices = words::channels},
    Field{.name = "quiet_hours",
          .type = FieldType::object,
          .doc = "local; may pass over midnight",
          .nullable = true,
          .shape = &quiet_shape},
    Field{.name = "language", .type = FieldType::choice, .nullable = true, .choices = languages},
    Field{.name = "reading_level",
          .type = FieldType::choice,
          .doc = "plain = FALC",
          .nullable = true,
          .choices = reading_levels},
    Field{.name = "large_print", .type = FieldType::boolean, .nullable = true},
    Field{.name = "muted_topics",
          .type = FieldType::topic,
          .doc = "never those that the law makes us send",
          .list = true,
          .nullable = true,
          .max = 40},
    Field{.name = "paused_until", .type = FieldType::date, .nullable = true},
};
constexpr Shape preferences_shape{"preferences", preference_fields};

constexpr std::array tax_fields{
    Field{.name = "household",
          .type = FieldType::boolean,
          .doc = "makes an income tax declaration of their own",
          .nullable = true},
    Field{.name = "automatic_declaration",
          .type = FieldType::boolean,
          .doc = "validated the automatic declaration",
          .nullable = true},
};
constexpr Shape tax_shape{"tax", tax_fields};

constexpr std::array human_fields{
    Field{.name = "name", .required = true},
    Field{.name = "phone", .type = FieldType::phone},
    Field{.name = "email", .type = FieldType::email, .max = 254},
    Field{.name = "hours", .doc = "when they answer, in words"},
};
constexpr Shape human_shape{"a human contact", human_fields};

constexpr std::array citizen_fields{
    Field{.name = "given_name", .nullable = true, .max = 100},
    Field{.name = "family_name", .doc = "birth name", .nullable = true, .max = 100},
    Field{.name = "preferred_username", .doc = "nom d'usage", .nullable = true, .max = 100},
    Field{.name = "birthdate", .type = FieldType::date, .nullable = true},
    Field{.name = "gender", .type = FieldType::choice, .nullable = true, .choices = genders},
    Field{.name = "nationality",
          .type = FieldType::country,
          .doc = "ISO 3166-1, two letters",
          .nullable = true},
    Field{.name = "activite", .type = FieldType::choice, .nullable = true, .choices = words::activites},
    Field{.name = "statut_marital",
          .type = FieldType::choice,
          .nullable = true,
          .choices = statuts_maritaux},
    Field{.name = "statut_occupation_logement",
          .type = FieldType::choice,
          .nullable = true,
          .choices = logements},
    Field{.name = "address",
          .type = FieldType::object,
          .nullable = true,
          .shape = &words::address_shape},
    Field{.name = "time_zone",
          .doc = "IANA name; the departement's when left out",
          .nullable = true,
          .max = 60},
    Field{.name = "contacts",
          .type = FieldType::object,
          .doc = "the whole list, replacing the one before",
          .list = true,
          .nullable = true,
          .shape = &contact_shape},
    Field{.name = "preferences",
          .type = FieldType::object,
          .nullable = true,
          .shape = &preferences_shape},
    Field{.name = "consented_channels",
          .type = FieldType::choice,
          .doc = "when given, no other channel is used",
          .list = true,
          .nullable = true,
          .choices = words::channels},
    Field{.name = "needs",
          .type = FieldType::choice,
          .list = true,
          .nullable = true,
          .choices = needs},
    Field{.name = "ressortissant_eee", .type = FieldType::boolean, .nullable = true},
    Field{.name = "etudiant", .type = FieldType::boolean, .nullable = true},
    Field{.name = "boursier", .type = FieldType::boolean, .nullable = true},
    Field{.name = "handicap", .type = FieldType::boolean, .nullable = true},
    Field{.name = "enceinte", .type = FieldType::boolean, .nullable = true},
    Field{.name = "taux_incapacite",
          .type = FieldType::integer,
          .doc = "percent",
          .nullable = true,
          .max = 100},
    Field{.name = "inscrit_france_travail", .type = FieldType::boolean, .nullable = true},
    Field{.name = "proprietaire_logement",
          .type = FieldType::boolean,
          .doc = "owns a dwelling, lived in or not",
          .nullable = true},
    Field{.name = "bailleur", .type = FieldType::boolean, .nullable = true},
    Field{.name = "impots_mensualises",
          .type = FieldType::boolean,
          .doc = "local taxes are paid each month",
          .nullable = true},
    Field{.name = "cheque_energie_eligible", .type = FieldType::boolean, .nullable = true},
    Field{.name = "cheque_energie_automatique",
          .type = FieldType::boolean,
          .doc = "the voucher comes without being asked for",
          .nullable = true},
    Field{.name = "micro_entrepreneur", .type = FieldType::boolean, .nullable = true},
    Field{.name = "travailleur_independant", .type = FieldType::boolean, .nullable = true},
    Field{.name = "categorie_non_salarie",
          .type = FieldType::choice,
          .nullable = true,
          .choices = categories_non_salarie},
    Field{.name = "periodicite_declaration",
          .type = FieldType::choice,
          .doc = "of a micro-entrepreneur's turnover",
          .nullable = true,
          .choices = periodicites},
    Field{.name = "entreprise_debut", .type = FieldType::date, .nullable = true},
    Field{.name = "niveau_etudes",
          .type = FieldType::choice,
          .nullable = true,
          .choices = niveaux_etudes},
    Field{.name = "parcoursup",
          .type = FieldType::boolean,
          .doc = "has a Parcoursup file with wishes",
          .nullable = true},
    Field{.name = "date_depart_retraite",
          .type = FieldType::date,
          .doc = "wished first day of the pension",
          .nullable = true},
    Field{.name = "echeance_assurance_logement",
          .type = FieldType::date,
          .doc = "a yearly date of the home insurance",
          .nullable = true},
    Field{.name = "tax", .type = FieldType::object, .nullable = true, .shape = &tax_shape},
    Field{.name = "human_contact",
          .type = FieldType::object,
          .doc = "the person of the administration who knows this citizen",
          .nullable = true,
          .shape = &human_shape},
};
}  // namespace

constinit const Shape words::citizen_record{"a citizen", citizen_fields};

const Shape& citizen_shape() {
  return words::citizen_record;
}

}  // namespace rappel::profile
