// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "calendar/period.hpp"

// What rules read: documents, children, claims, tax years.

namespace rappel::profile {

/// An identity document: a card, a passport, a licence, a permit.
struct Document {
  std::string id;
  std::string kind;  ///< "cni"; profile/vocabulary lists them
  std::optional<CivilDate> issued_on;
  std::optional<CivilDate> expires_on;  ///< as printed on it
  std::string format;                   ///< "card_2021", "card_1995"; empty when unknown
  bool operator==(const Document&) const = default;
};

struct Child {
  std::string id;
  std::string given_name;
  std::optional<CivilDate> birthdate;
  bool operator==(const Child&) const = default;
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
  std::vector<DocumentRequest> requests;  ///< in the order of the letters
  bool operator==(const Claim&) const = default;
};

struct Tax {
  std::optional<bool> household;              ///< makes a declaration of their own
  std::optional<bool> automatic_declaration;  ///< validated the automatic one
  std::set<int> filed_years;                  ///< campaign years (2026 = the income of 2025)
  bool operator==(const Tax&) const = default;
};

/// Somebody said that it is done: a citizen, a caseworker.
struct Done {
  std::string rule, subject, occurrence;
  CivilDate on{};
  bool operator==(const Done&) const = default;
};

}  // namespace rappel::profile
