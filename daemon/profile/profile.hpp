// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "calendar/period.hpp"
#include "calendar/zone.hpp"
#include "profile/channel.hpp"
#include "profile/event.hpp"

// What we know of a citizen: the fold of their events. An absent fact is unknown, never "no".
// Pure; any thread.
//
//   Profile profile;
//   for (const auto& event : events) apply(profile, event);   // data checked by check_event
//   profile_from_json(to_json(profile)) == profile

namespace rappel::profile {

/// One address of one channel. `usable` turns false when a provider says that it is bad.
struct ContactPoint {
  Channel channel = Channel::email;
  std::string address;  ///< e-mail address, or a phone number as E.164
  bool usable = true;
  bool operator==(const ContactPoint&) const = default;
};

/// Local minutes since midnight; may pass over midnight (20:00 to 08:00).
struct QuietHours {
  std::chrono::minutes from{};
  std::chrono::minutes to{};
  bool operator==(const QuietHours&) const = default;
};

struct Preferences {
  std::vector<Channel> channels;  ///< in the citizen's order; empty: no wish was said
  std::optional<QuietHours> quiet_hours;
  Language language = Language::fr;
  ReadingLevel reading_level = ReadingLevel::standard;
  bool large_print = false;
  std::set<std::string> muted_topics;
  std::optional<CivilDate> paused_until;
  bool operator==(const Preferences&) const = default;
};

struct Address {
  std::vector<std::string> lines;
  std::string postcode;
  std::string city;
  std::string insee;  ///< commune code: "75056", "2A004", "97105"; empty when unknown
  bool operator==(const Address&) const = default;
};

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
  CivilDate due_on{};  ///< as the letter says, before any move to a worked day
  std::optional<calendar::Period> delay;  ///< when the letter gave a delay and not a date
  std::vector<std::string> documents;
  std::set<std::string> received;         ///< those that came, one by one
  std::optional<CivilDate> received_on;   ///< when the last of them came
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

/// The person of the administration who knows this citizen.
struct HumanContact {
  std::string name, phone, email, hours;
  bool operator==(const HumanContact&) const = default;
};

/// Names are those of FranceConnect and OpenFisca-France where they have one.
struct Profile {
  std::string given_name, family_name, preferred_username;
  std::optional<CivilDate> birthdate;
  std::string gender;          ///< "female", "male"; empty when unknown
  std::string nationality;     ///< ISO 3166-1 alpha-2: "FR"
  std::string activity;        ///< activite of OpenFisca: "retraite"
  std::string marital_status;  ///< statut_marital of OpenFisca: "veuf"
  std::string housing;         ///< statut_occupation_logement of OpenFisca: "locataire_hlm"
  Address address;
  std::vector<ContactPoint> contacts;
  Preferences preferences;
  /// Channels the citizen agreed to. Nothing: none was asked for, every contact point given may
  /// carry a service message.
  std::optional<std::set<Channel>> consented_channels;
  std::set<std::string> needs;  ///< "low_vision", "no_internet"; profile/vocabulary lists them
  std::vector<Document> documents;
  std::vector<Child> children;
  std::vector<Claim> claims;
  Tax tax;
  std::vector<Done> done;
  std::optional<HumanContact> human_contact;
  bool operator==(const Profile&) const = default;

  /// "75", "2A", "974"; empty when the commune is unknown. See departement_of().
  [[nodiscard]] std::string departement() const;
  /// The zone that the citizen's clock shows, from the departement; Paris when unknown.
  [[nodiscard]] calendar::Zone zone() const;
};

/// Folds one event whose data check_event has accepted; an event that tells no fact changes nothing.
void apply(Profile& profile, const Event& event);
Profile fold(std::span<const Event> events);

boost::json::object to_json(const Profile& profile);
/// Reads what to_json wrote; throws std::exception on anything else.
Profile profile_from_json(const boost::json::object& object);

}  // namespace rappel::profile
