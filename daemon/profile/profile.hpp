// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "calendar/zone.hpp"
#include "profile/contact.hpp"
#include "profile/event.hpp"
#include "profile/facts.hpp"

// What we know of a citizen: the fold of their events. An absent fact is unknown, never "no".
// Pure; any thread.
//
//   Profile profile;
//   for (const auto& event : events) apply(profile, event);   // data checked by check_event
//   profile_from_json(to_json(profile)) == profile

namespace rappel::profile {

/// Names are those of FranceConnect and OpenFisca-France where they have one.
struct Profile {
  std::string given_name, family_name, preferred_username;
  std::optional<CivilDate> birthdate;
  std::string gender;          ///< "female", "male"; empty when unknown
  std::string nationality;     ///< ISO 3166-1 alpha-2: "FR"
  std::string activite;        ///< "retraite"; this one and the next two as OpenFisca has them
  std::string statut_marital;  ///< "veuf"
  std::string statut_occupation_logement;  ///< "locataire_hlm"
  Address address;
  std::string time_zone;  ///< IANA; empty: from the departement
  std::vector<ContactPoint> contacts;
  Preferences preferences;
  /// Channels the citizen agreed to. Nothing: none was asked for, every contact point given may
  /// carry a service message.
  std::optional<std::set<Channel>> consented_channels;
  std::vector<Pause> pauses;  ///< one at most for each topic and who asked for it
  std::set<std::string> needs;  ///< "low_vision", "no_internet"; profile/vocabulary lists them
  std::vector<Document> documents;
  std::vector<Child> children;
  std::vector<Vehicle> vehicles;
  std::vector<Benefit> benefits;
  std::vector<Claim> claims;
  std::vector<Happening> happenings;  ///< in the order told
  std::vector<Filing> filings;
  std::vector<Progress> progress;
  Situation situation;
  Tax tax;
  std::vector<Done> done;
  std::optional<HumanContact> human_contact;
  /// IANA; where somebody is whose address is not known. No fact about the person but the
  /// administration's own, given by whoever holds the profile; not stored.
  std::string usual_zone;
  bool operator==(const Profile&) const = default;

  /// "75", "2A", "974"; empty when the commune is unknown. See departement_of().
  [[nodiscard]] std::string departement() const;
  /// The zone that the citizen's clock shows: their own, the departement's, the usual one, Paris.
  [[nodiscard]] calendar::Zone zone() const;
};

inline constexpr std::size_t facts_max = 200;

/// Folds one event whose data check_event has accepted; an event that tells no fact changes
/// nothing. The oldest documents, children, claims and marks beyond `facts_max` of a kind are
/// forgotten.
void apply(Profile& profile, const Event& event);
Profile fold(std::span<const Event> events, const std::string& usual_zone = {});

boost::json::object to_json(const Profile& profile);
/// Reads what to_json wrote; throws std::exception on anything else.
Profile profile_from_json(const boost::json::object& object, const std::string& usual_zone = {});

}  // namespace rappel::profile
