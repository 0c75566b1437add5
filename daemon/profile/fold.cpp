// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "base/ensure.hpp"
#include "profile/json_read.hpp"
#include "profile/place.hpp"
#include "profile/profile.hpp"

namespace rappel::profile {
namespace {

namespace json = boost::json;

/// Calls `set` when the member stands there: with its value, or with null to remove the fact.
template <typename Set>
void merge(const json::object& data, std::string_view name, Set set) {
  if (data.contains(name)) set();
}

void merge_text(std::string& fact, const json::object& data, std::string_view name) {
  merge(data, name, [&] { fact = read::text(data, name); });
}

CivilDate day_of(const Profile& profile, const Event& event) {
  return calendar::to_local(event.occurred_at, profile.zone()).date;
}

/// The item with this id, made when there is none; the oldest leave when there are too many.
template <typename Item>
Item& find_or_add(std::vector<Item>& items, const std::string& id) {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.id == id; });
  if (found != items.end()) return *found;
  if (items.size() >= facts_max) items.erase(items.begin());
  items.push_back({});
  items.back().id = id;
  return items.back();
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
}

void citizen_updated(Profile& profile, const Event& event) {
  const auto& data = event.data;
  merge_identity(profile, data);
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

void document_issued(Profile& profile, const Event& event) {
  const auto& data = event.data;
  const auto kind = read::text(data, "kind");
  auto id = read::text(data, "id");
  if (id.empty()) id = kind + "-" + read::text(data, "issued_on");
  auto& document = find_or_add(profile.documents, id);
  document.kind = kind;
  document.issued_on = read::date(data, "issued_on");
  document.expires_on = read::date(data, "expires_on");
  document.format = read::text(data, "format");
}

void declaration_filed(Profile& profile, const Event& event) {
  profile.tax.filed_years.insert(int(event.data.at("year").as_int64()));
}

void document_requested(Profile& profile, const Event& event) {
  const auto& data = event.data;
  auto& claim = find_or_add(profile.claims, read::text(data, "claim"));
  claim.label = read::text(data, "label");
  DocumentRequest request;
  request.requested_on = read::date(data, "received_on").value_or(day_of(profile, event));
  if (const auto delay = calendar::parse_period(read::text(data, "delay"))) {
    request.delay = delay;
    request.due_on = calendar::add(request.requested_on, *delay);
  } else {
    request.due_on = read::date(data, "due_on").value_or(request.requested_on);
  }
  request.documents = read::texts(data, "documents");
  if (claim.requests.size() >= facts_max) claim.requests.erase(claim.requests.begin());
  claim.requests.push_back(std::move(request));
}

/// Marks what came; the day of the last piece closes the request.
void receive(DocumentRequest& request, const std::vector<std::string>& documents, CivilDate on) {
  if (request.received_on) return;
  const auto& list = documents.empty() ? request.documents : documents;
  for (const auto& document : list) {
    if (std::find(request.documents.begin(), request.documents.end(), document) !=
        request.documents.end())
      request.received.insert(document);
  }
  const bool all =
      std::all_of(request.documents.begin(), request.documents.end(),
                  [&](const std::string& document) { return request.received.contains(document); });
  if (all) request.received_on = on;
}

void document_received(Profile& profile, const Event& event) {
  const auto id = read::text(event.data, "claim");
  const auto documents = read::texts(event.data, "documents");
  for (auto& claim : profile.claims) {
    if (claim.id != id) continue;
    for (auto& request : claim.requests) receive(request, documents, day_of(profile, event));
  }
}

void contact_failed(Profile& profile, const Event& event) {
  const auto channel = parse_channel(read::text(event.data, "channel"));
  const auto address = read::text(event.data, "address");
  for (auto& contact : profile.contacts) {
    if (contact.channel == channel && (address.empty() || contact.address == address))
      contact.usable = false;
  }
}

void deadline_done(Profile& profile, const Event& event) {
  Done mark{read::text(event.data, "rule"), read::text(event.data, "subject"),
            read::text(event.data, "occurrence"), day_of(profile, event)};
  if (profile.done.size() >= facts_max) profile.done.erase(profile.done.begin());
  profile.done.push_back(std::move(mark));
}

void child_born(Profile& profile, const Event& event) {
  const auto& data = event.data;
  auto id = read::text(data, "id");
  if (id.empty()) id = "child-" + read::text(data, "birthdate") + read::text(data, "given_name");
  auto& child = find_or_add(profile.children, id);
  child.given_name = read::text(data, "given_name");
  child.birthdate = read::date(data, "birthdate");
}

void address_changed(Profile& profile, const Event& event) {
  profile.address = {};
  merge_address(profile.address, event.data);
}

void activity_changed(Profile& profile, const Event& event) {
  profile.activite = read::text(event.data, "activite");
}

void school_grant_requested(Profile& profile, const Event& event) {
  auto& claim = find_or_add(profile.claims, read::text(event.data, "claim"));
  claim.kind = "school_grant";
  merge_text(claim.label, event.data, "label");
  claim.made_on = read::date(event.data, "made_on").value_or(day_of(profile, event));
}

using Apply = void (*)(Profile&, const Event&);
constexpr std::array<std::pair<std::string_view, Apply>, 11> effects{
    {{"citizen.updated", citizen_updated},
     {"identity_document.issued", document_issued},
     {"declaration.filed", declaration_filed},
     {"document.requested", document_requested},
     {"document.received", document_received},
     {"contact.failed", contact_failed},
     {"deadline.done", deadline_done},
     {"child.born", child_born},
     {"address.changed", address_changed},
     {"activity.changed", activity_changed},
     {"school_grant.requested", school_grant_requested}}};

}  // namespace

void apply(Profile& profile, const Event& event) {
  for (const auto& [type, effect] : effects) {
    if (type == event.type) effect(profile, event);
  }
}

Profile fold(std::span<const Event> events) {
  Profile profile;
  for (const auto& event : events) apply(profile, event);
  return profile;
}

std::string Profile::departement() const {
  return departement_of(address.insee);
}

calendar::Zone Profile::zone() const {
  const auto zone = calendar::Zone::find(std::string(zone_name_of(departement())));
  ensure(zone.has_value(), "a zone that check_zones() found at start is gone");
  return *zone;
}

}  // namespace rappel::profile
