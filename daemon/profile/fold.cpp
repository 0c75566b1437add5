// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "base/ensure.hpp"
#include "profile/area.hpp"
#include "profile/effects.hpp"
#include "profile/place.hpp"
#include "profile/situation.hpp"
#include "profile/vocabulary.hpp"

namespace rappel::profile {
namespace {

namespace json = boost::json;

/// Calls `set` when the member stands there: with its value, or with null to remove the fact.
template <typename Set>
void merge(const json::object& data, std::string_view name, Set set) {
  if (data.contains(name)) set();
}

void merge_address(Address& address, const json::object& data) {
  merge(data, "lines", [&] { address.lines = read::texts(data, "lines"); });
  merge_text(address.postcode, data, "postcode");
  merge_text(address.city, data, "city");
  merge_text(address.insee, data, "insee");
}

/// An address that turned out to be bad stays bad when it is only repeated.
std::vector<ContactPoint> new_contacts(const std::vector<ContactPoint>& known,
                                       const json::object& data) {
  std::vector<ContactPoint> contacts;
  const auto* list = read::member(data, "contacts");
  if (list == nullptr) return contacts;
  for (const auto& item : list->as_array()) {
    const auto& given = item.as_object();
    ContactPoint contact{read::as_channel(read::text(given, "channel")),
                         read::text(given, "address"), true};
    const auto before = std::find_if(known.begin(), known.end(), [&](const ContactPoint& other) {
      return other.channel == contact.channel && other.address == contact.address;
    });
    if (before != known.end()) contact.usable = before->usable;
    contact.usable = read::boolean(given, "usable").value_or(contact.usable);
    contacts.push_back(std::move(contact));
  }
  return contacts;
}

void merge_preferences(Preferences& preferences, const json::object& data) {
  merge(data, "channels", [&] { preferences.channels = read::channels(data, "channels"); });
  merge(data, "quiet_hours", [&] {
    preferences.quiet_hours.reset();
    if (const auto* hours = read::object(data, "quiet_hours"))
      preferences.quiet_hours = {read::time(*hours, "from"), read::time(*hours, "to")};
  });
  merge(data, "language", [&] {
    preferences.language = parse_language(read::text(data, "language")).value_or(Language::fr);
  });
  merge(data, "reading_level", [&] {
    preferences.reading_level =
        parse_reading_level(read::text(data, "reading_level")).value_or(ReadingLevel::standard);
  });
  merge(data, "large_print",
        [&] { preferences.large_print = read::boolean(data, "large_print").value_or(false); });
  merge(data, "muted_topics",
        [&] { preferences.muted_topics = read::text_set(data, "muted_topics"); });
  merge(data, "paused_until", [&] { preferences.paused_until = read::date(data, "paused_until"); });
}

void merge_tax(Tax& tax, const json::object& data) {
  merge(data, "household", [&] { tax.household = read::boolean(data, "household"); });
  merge(data, "automatic_declaration",
        [&] { tax.automatic_declaration = read::boolean(data, "automatic_declaration"); });
}

/// A member that holds members: null empties it, an object is merged into it.
template <typename Part, typename Merge>
void merge_part(Part& part, const json::object& data, std::string_view name, Merge into) {
  if (!data.contains(name)) return;
  if (const auto* object = read::object(data, name))
    into(part, *object);
  else
    part = Part{};
}

void merge_identity(Profile& profile, const json::object& data) {
  merge_text(profile.given_name, data, "given_name");
  merge_text(profile.family_name, data, "family_name");
  merge_text(profile.preferred_username, data, "preferred_username");
  merge(data, "birthdate", [&] { profile.birthdate = read::date(data, "birthdate"); });
  merge_text(profile.gender, data, "gender");
  merge_text(profile.nationality, data, "nationality");
  merge_text(profile.activite, data, "activite");
  merge_text(profile.statut_marital, data, "statut_marital");
  merge_text(profile.statut_occupation_logement, data, "statut_occupation_logement");
  merge_text(profile.time_zone, data, "time_zone");
}

void merge_situation(Situation& situation, const json::object& data) {
  for (const auto& [name, fact] : situation_flags) {
    if (data.contains(name)) situation.*fact = read::boolean(data, name);
  }
  for (const auto& [name, fact] : situation_words) merge_text(situation.*fact, data, name);
  for (const auto& [name, fact] : situation_dates) {
    if (data.contains(name)) situation.*fact = read::date(data, name);
  }
  for (const auto& [name, fact] : situation_numbers) {
    if (!data.contains(name)) continue;
    const auto* value = read::member(data, name);
    situation.*fact = value == nullptr ? std::nullopt : std::optional(value->as_int64());
  }
}

void citizen_updated(Profile& profile, const Event& event) {
  const auto& data = event.data;
  merge_identity(profile, data);
  merge_situation(profile.situation, data);
  merge_part(profile.address, data, "address", merge_address);
  merge(data, "contacts", [&] { profile.contacts = new_contacts(profile.contacts, data); });
  merge_part(profile.preferences, data, "preferences", merge_preferences);
  merge(data, "consented_channels", [&] {
    profile.consented_channels.reset();
    if (read::member(data, "consented_channels") == nullptr) return;
    const auto agreed = read::channels(data, "consented_channels");
    profile.consented_channels = std::set<Channel>(agreed.begin(), agreed.end());
  });
  merge(data, "needs", [&] { profile.needs = read::text_set(data, "needs"); });
  merge_part(profile.tax, data, "tax", merge_tax);
  merge(data, "human_contact", [&] {
    profile.human_contact.reset();
    if (const auto* human = read::object(data, "human_contact"))
      profile.human_contact = {read::text(*human, "name"), read::text(*human, "phone"),
                               read::text(*human, "email"), read::text(*human, "hours")};
  });
}

void contact_failed(Profile& profile, const Event& event) {
  const auto channel = parse_channel(read::text(event.data, "channel"));
  const auto address = read::text(event.data, "address");
  for (auto& contact : profile.contacts) {
    if (contact.channel == channel && (address.empty() || contact.address == address))
      contact.usable = false;
  }
}

void address_changed(Profile& profile, const Event& event) {
  profile.address = {};
  merge_address(profile.address, event.data);
}

void activity_changed(Profile& profile, const Event& event) {
  profile.activite = read::text(event.data, "activite");
}

/// A pause of the same topic that the same side had asked for.
void drop_pause(Profile& profile, const json::object& data) {
  const auto topic = read::text(data, "topic");
  const bool by_caseworker = read::text(data, "by") == "caseworker";
  std::erase_if(profile.pauses, [&](const Pause& pause) {
    return pause.topic == topic && pause.by_caseworker == by_caseworker;
  });
}

void messages_paused(Profile& profile, const Event& event) {
  drop_pause(profile, event.data);
  if (profile.pauses.size() >= facts_max) profile.pauses.erase(profile.pauses.begin());
  profile.pauses.push_back({read::text(event.data, "topic"), *read::date(event.data, "until"),
                            read::text(event.data, "by") == "caseworker",
                            read::text(event.data, "reason")});
}

void messages_resumed(Profile& profile, const Event& event) { drop_pause(profile, event.data); }

constexpr std::array effects_on_person{
    Effect{"citizen.updated", citizen_updated},
    Effect{"contact.failed", contact_failed},
    Effect{"address.changed", address_changed},
    Effect{"activity.changed", activity_changed},
    Effect{"messages.paused", messages_paused},
    Effect{"messages.resumed", messages_resumed}};

constexpr std::pair<std::string_view, Areas> areas_of_types[] = {
    {"citizen.updated", Area::identity | Area::situation | Area::address | Area::tax},
    {"address.changed", Area::address},
    {"activity.changed", Area::identity},
    {"identity_document.issued", Area::documents},
    {"document.issued", Area::documents},
    {"vehicle.registered", Area::vehicles},
    {"vehicle.inspected", Area::vehicles},
    {"vehicle.sold", Area::vehicles},
    {"benefit.granted", Area::benefits},
    {"benefit.renewal_filed", Area::benefits},
    {"benefit.ended", Area::benefits},
    {"child.born", Area::children},
    {"declaration.filed", Area::filings | Area::tax},
    {"claim.made", Area::claims},
    {"claim.renewed", Area::claims},
    {"claim.decided", Area::claims},
    {"document.requested", Area::claims},
    {"document.received", Area::claims},
    {"school_grant.requested", Area::claims},
    {"deadline.done", Area::done},
    {"procedure.advanced", Area::progress},
};

bool is_life_event(std::string_view type) {
  const auto* known = find_event_type(type);
  return known != nullptr && known->life;
}

}  // namespace

void apply(Profile& profile, const Event& event) {
  for (const auto effects : {std::span<const Effect>(effects_on_person), effects_on_belongings(),
                             effects_on_procedures()}) {
    for (const auto& effect : effects) {
      if (effect.type == event.type) effect.apply(profile, event);
    }
  }
  if (is_life_event(event.type)) remember_happening(profile, event);
}

Areas areas_changed(const Event& event) {
  Areas areas;
  for (const auto& [type, changed] : areas_of_types) {
    if (type == event.type) areas |= changed;
  }
  if (is_life_event(event.type)) areas |= Area::happenings;
  return areas;
}

Profile fold(std::span<const Event> events, const std::string& usual_zone) {
  Profile profile;
  profile.usual_zone = usual_zone;
  for (const auto& event : events) apply(profile, event);
  return profile;
}

std::string Profile::departement() const {
  return departement_of(address.insee);
}

calendar::Zone Profile::zone() const {
  // One that this system's tzdata does not know (any more) gives way to the next.
  const auto own_departement = departement();
  for (const auto& name : {time_zone, own_departement.empty() ? usual_zone : std::string()}) {
    if (name.empty()) continue;
    if (const auto known = calendar::Zone::find(name)) return *known;
  }
  const auto zone = calendar::Zone::find(std::string(zone_name_of(own_departement)));
  ensure(zone.has_value(), "a zone that check_zones() found at start is gone");
  return *zone;
}

}  // namespace rappel::profile
