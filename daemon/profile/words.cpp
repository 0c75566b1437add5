// SPDX-License-Identifier: Apache-2.0
// The table of the vocabulary. Names are those of FranceConnect and of OpenFisca-France where they
// have one; the rest is ours.
#include <array>

#include "profile/vocabulary.hpp"

namespace rappel::profile {
namespace {

using Words = std::string_view;

constexpr std::array<Words, 7> channels{"email",  "sms",  "inapp",  "push",
                                        "letter", "call", "webhook"};
constexpr std::array<Words, 2> languages{"fr", "en"};
constexpr std::array<Words, 2> reading_levels{"standard", "plain"};
constexpr std::array<Words, 2> genders{"female", "male"};
constexpr std::array<Words, 5> activites{"actif", "chomeur", "etudiant", "retraite", "inactif"};
constexpr std::array<Words, 7> statuts_maritaux{"non_renseigne", "marie", "celibataire", "divorce",
                                                "veuf",          "pacse", "jeune_veuf"};
constexpr std::array<Words, 9> logements{"non_renseigne",     "primo_accedant",  "proprietaire",
                                         "locataire_hlm",     "locataire_vide",  "locataire_meuble",
                                         "loge_gratuitement", "locataire_foyer", "sans_domicile"};
constexpr std::array<Words, 8> needs{"low_vision",  "blind",        "hard_of_hearing",
                                     "deaf",        "cognitive",    "reduced_mobility",
                                     "no_internet", "no_smartphone"};
constexpr std::array<Words, 4> document_kinds{"cni", "passeport", "permis_conduire",
                                              "titre_sejour"};
constexpr std::array<Words, 2> document_formats{"card_2021", "card_1995"};
constexpr std::array<Words, 1> declarations{"income_tax"};

constexpr std::array address_fields{
    Field{.name = "lines", .doc = "street, building, floor", .list = true, .nullable = true},
    Field{.name = "postcode", .nullable = true, .max = 10},
    Field{.name = "city", .nullable = true, .max = 100},
    Field{.name = "insee",
          .type = FieldType::insee,
          .doc = "commune; gives the departement, the public holidays and the hour of day",
          .nullable = true},
};
constexpr Shape address_shape{"an address", address_fields};

constexpr std::array contact_fields{
    Field{.name = "channel", .type = FieldType::choice, .required = true, .choices = channels},
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
          .choices = channels},
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
    Field{.name = "activite", .type = FieldType::choice, .nullable = true, .choices = activites},
    Field{.name = "statut_marital",
          .type = FieldType::choice,
          .nullable = true,
          .choices = statuts_maritaux},
    Field{.name = "statut_occupation_logement",
          .type = FieldType::choice,
          .nullable = true,
          .choices = logements},
    Field{.name = "address", .type = FieldType::object, .nullable = true, .shape = &address_shape},
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
          .choices = channels},
    Field{.name = "needs",
          .type = FieldType::choice,
          .list = true,
          .nullable = true,
          .choices = needs},
    Field{.name = "tax", .type = FieldType::object, .nullable = true, .shape = &tax_shape},
    Field{.name = "human_contact",
          .type = FieldType::object,
          .doc = "the person of the administration who knows this citizen",
          .nullable = true,
          .shape = &human_shape},
};
constexpr Shape citizen{"a citizen", citizen_fields};

constexpr std::array document_fields{
    Field{.name = "id", .doc = "made of kind and date when left out", .max = 80},
    Field{.name = "kind", .type = FieldType::choice, .required = true, .choices = document_kinds},
    Field{.name = "issued_on", .type = FieldType::date, .required = true},
    Field{.name = "expires_on", .type = FieldType::date, .doc = "as printed"},
    Field{.name = "format", .type = FieldType::choice, .choices = document_formats},
};
constexpr Shape document_shape{"identity_document.issued", document_fields};

constexpr std::array declaration_fields{
    Field{.name = "kind", .type = FieldType::choice, .required = true, .choices = declarations},
    Field{.name = "year",
          .type = FieldType::integer,
          .doc = "of the campaign: 2026 declares the income of 2025",
          .required = true,
          .min = 2000,
          .max = 2100},
};
constexpr Shape declaration_shape{"declaration.filed", declaration_fields};

constexpr std::array requested_fields{
    Field{.name = "claim", .doc = "your reference of the file", .required = true, .max = 80},
    Field{.name = "label", .doc = "how the letter calls it", .required = true},
    Field{.name = "documents", .doc = "what is missing", .required = true, .list = true},
    Field{.name = "due_on",
          .type = FieldType::date,
          .doc = "the limit, when the letter gives a date"},
    Field{.name = "delay",
          .type = FieldType::period,
          .doc = "the limit, when the letter gives a delay"},
    Field{.name = "received_on",
          .type = FieldType::date,
          .doc = "when the letter was received: the delay starts there; else the day of the event"},
};
constexpr Shape requested_shape{"document.requested", requested_fields};

constexpr std::array received_fields{
    Field{.name = "claim", .required = true, .max = 80},
    Field{.name = "documents", .doc = "those that came; all when left out", .list = true},
};
constexpr Shape received_shape{"document.received", received_fields};

constexpr std::array failed_fields{
    Field{.name = "channel", .type = FieldType::choice, .required = true, .choices = channels},
    Field{.name = "address", .doc = "all of the channel when left out", .max = 254},
};
constexpr Shape failed_shape{"contact.failed", failed_fields};

constexpr std::array done_fields{
    Field{.name = "rule", .required = true, .max = 100},
    Field{.name = "subject", .max = 80},
    Field{.name = "occurrence", .max = 40},
};
constexpr Shape done_shape{"deadline.done", done_fields};

constexpr std::array child_fields{
    Field{.name = "id", .doc = "made of the birthdate and name when left out", .max = 80},
    Field{.name = "given_name", .max = 100},
    Field{.name = "birthdate", .type = FieldType::date, .required = true},
};
constexpr Shape child_shape{"child.born", child_fields};

constexpr std::array activity_fields{
    Field{.name = "activite", .type = FieldType::choice, .required = true, .choices = activites},
};
constexpr Shape activity_shape{"activity.changed", activity_fields};

constexpr std::array grant_fields{
    Field{.name = "claim", .doc = "your reference of the file", .required = true, .max = 80},
    Field{.name = "label", .doc = "how letters call it"},
    Field{.name = "made_on", .type = FieldType::date},
};
constexpr Shape grant_shape{"school_grant.requested", grant_fields};

constexpr Shape outcome_shape{"an outcome", {}};

constexpr std::array types{
    EventType{"citizen.updated", &citizen,
              "facts of a person, as PUT /v1/citizens/{ref} takes them"},
    EventType{"identity_document.issued", &document_shape, "a card, passport, licence or permit"},
    EventType{"declaration.filed", &declaration_shape, "a yearly declaration has been made"},
    EventType{"document.requested", &requested_shape, "a letter asks for missing documents"},
    EventType{"document.received", &received_shape, "missing documents have come"},
    EventType{"contact.failed", &failed_shape, "an address turned out to be bad"},
    EventType{"deadline.done", &done_shape, "a citizen or a caseworker says that it is done"},
    EventType{"child.born", &child_shape, "a child of the citizen"},
    EventType{"address.changed", &address_shape, "a move: the whole new address"},
    EventType{"activity.changed", &activity_shape, "a new situation at work"},
    EventType{"school_grant.requested", &grant_shape, "a school grant has been asked for"},
    EventType{"reminder.sent", &outcome_shape, "a provider took a message", true},
    EventType{"reminder.delivered", &outcome_shape, "a receipt says that it arrived", true},
    EventType{"reminder.failed", &outcome_shape, "it could not be delivered", true},
    EventType{"reminder.suppressed", &outcome_shape, "it was deliberately not sent", true},
};

}  // namespace

std::span<const EventType> event_types() {
  return types;
}
const Shape& citizen_shape() {
  return citizen;
}

}  // namespace rappel::profile
