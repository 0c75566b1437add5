// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "calendar/period.hpp"

// What rules read: documents, children, vehicles, benefits, claims, life events, tax years.

namespace rappel::profile {

/// A document with a life of its own: a card, a passport, a licence, a permit, a voucher.
struct Document {
  std::string id;
  std::string kind;  ///< "cni"; profile/vocabulary lists them
  std::optional<CivilDate> issued_on;
  std::optional<CivilDate> expires_on;  ///< as printed on it
  std::string format;                   ///< "card_2021", "card_1995"; empty when unknown
  std::string category;                 ///< "leger", "liste_r431_2"; empty when unknown
  std::optional<bool> permanent;        ///< given for good: nothing to renew
  bool operator==(const Document&) const = default;
};

struct Child {
  std::string id;
  std::string given_name;
  std::optional<CivilDate> birthdate;
  std::optional<bool> handicap;
  bool operator==(const Child&) const = default;
};

struct Vehicle {
  std::string id;
  std::string category;  ///< "M1", "N1", "L": as on the registration certificate
  std::optional<CivilDate> first_registered_on;
  std::optional<CivilDate> last_test_on;  ///< roadworthiness
  std::optional<bool> collection;         ///< a vehicle of historic interest
  std::optional<CivilDate> sold_on;
  bool operator==(const Vehicle&) const = default;
};

/// A benefit, an allowance or a cover that the citizen receives.
struct Benefit {
  std::string id;
  std::string kind;  ///< "aah"; profile/vocabulary lists them
  std::optional<CivilDate> opened_on;
  std::optional<CivilDate> ends_on;            ///< last day of the right
  std::optional<CivilDate> review_on;          ///< as notified
  std::optional<CivilDate> next_statement_on;  ///< when the next periodic statement opens
  std::optional<bool> permanent;
  std::optional<CivilDate> renewal_filed_on;
  std::optional<CivilDate> ended_on;
  bool operator==(const Benefit&) const = default;
};

/// Something that happened once in a life: a birth, a move, a decision received.
struct Happening {
  std::string id;
  std::string type;  ///< of its event: "decision.notified"
  CivilDate on{};
  std::string kind;   ///< what sort, in the words of its event type; may be empty
  std::string place;  ///< "metropole", "outre_mer", "guyane_eloignee", "etranger"; may be empty
  std::string label;  ///< how it is called in a letter
  std::optional<bool> online;  ///< done or received through a teleservice
  std::optional<bool> heir;    ///< of a death: the citizen inherits
  bool operator==(const Happening&) const = default;
};

/// One letter asking for missing documents, and what came back.
struct DocumentRequest {
  CivilDate requested_on{};
  CivilDate due_on{};                     ///< as the letter says, before any move to a worked day
  std::optional<calendar::Period> delay;  ///< when the letter gave a delay and not a date
  std::vector<std::string> documents;
  std::set<std::string> received;        ///< those that came, one by one
  std::optional<CivilDate> received_on;  ///< when the last of them came
  bool operator==(const DocumentRequest&) const = default;
};

/// A request made to an administration: a grant, an allowance, a permit.
struct Claim {
  std::string id;
  std::string kind;   ///< "school_grant"; empty when it was only named by its label
  std::string label;  ///< how it is called in a letter: "bourse des collèges"
  std::optional<CivilDate> made_on;
  std::optional<CivilDate> renewed_on;
  std::optional<CivilDate> decided_on;
  std::string silence;  ///< what silence means: "accord", "rejet"; empty when unknown
  std::optional<calendar::Period> decision_delay;  ///< when a decree gives another than the law's
  std::vector<DocumentRequest> requests;  ///< in the order of the letters
  bool operator==(const Claim&) const = default;
};

struct Tax {
  std::optional<bool> household;              ///< makes a declaration of their own
  std::optional<bool> automatic_declaration;  ///< validated the automatic one
  std::set<int> filed_years;                  ///< campaign years (2026 = the income of 2025)
  bool operator==(const Tax&) const = default;
};

/// A declaration made, on a day, for a campaign's year when it has one.
struct Filing {
  std::string kind;  ///< "income_tax", "micro_ca"
  int year = 0;      ///< 0: none given
  CivilDate on{};
  bool operator==(const Filing&) const = default;
};

/// How far the procedure behind a deadline has come.
struct Progress {
  std::string rule, subject;
  std::string step;  ///< "appointment_booked"
  CivilDate on{};
  bool operator==(const Progress&) const = default;
};

/// Facts of the person's situation, each known or not. Names are those of OpenFisca-France where it
/// has one; profile/situation.hpp lists them by type.
struct Situation {
  std::optional<bool> ressortissant_eee, etudiant, boursier, handicap, enceinte;
  std::optional<bool> inscrit_france_travail, proprietaire_logement, impots_mensualises;
  std::optional<bool> cheque_energie_eligible, cheque_energie_automatique;
  std::optional<bool> micro_entrepreneur, travailleur_independant, parcoursup, bailleur;
  std::optional<std::int64_t> taux_incapacite;  ///< percent
  std::string categorie_non_salarie, periodicite_declaration, niveau_etudes;
  std::optional<CivilDate> entreprise_debut, date_depart_retraite, echeance_assurance_logement;
  bool operator==(const Situation&) const = default;
};

/// Somebody said that it is done: a citizen, a caseworker.
struct Done {
  std::string rule, subject, occurrence;
  CivilDate on{};
  bool operator==(const Done&) const = default;
};

}  // namespace rappel::profile
