// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/ensure.hpp"
#include "profile/area.hpp"
#include "profile/json_read.hpp"
#include "profile/place.hpp"
#include "profile/profile.hpp"
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

/// A reference of the caller's, else the first of "prefix", "prefix-2", … that `taken` leaves free.
template <typename Taken>
std::string free_id(const std::string& prefix, Taken taken) {
  std::string id = prefix;
  for (int number = 2; taken(id); ++number) id = fmt::format("{}-{}", prefix, number);
  return id;
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
  document.category = read::text(data, "category");
  document.permanent = read::boolean(data, "permanent");
}

/// The day that the event's data names, else the day of the event.
CivilDate told_day(const Profile& profile, const Event& event) {
  return read::date(event.data, "on").value_or(day_of(profile, event));
}

void vehicle_registered(Profile& profile, const Event& event) {
  const auto& data = event.data;
  auto& vehicle = find_or_add(profile.vehicles, read::text(data, "id"));
  vehicle.category = read::text(data, "category");
  vehicle.first_registered_on = read::date(data, "first_registered_on");
  if (const auto test = read::date(data, "last_test_on")) vehicle.last_test_on = test;
  vehicle.collection = read::boolean(data, "collection");
  vehicle.sold_on.reset();
}

void vehicle_inspected(Profile& profile, const Event& event) {
  find_or_add(profile.vehicles, read::text(event.data, "id")).last_test_on =
      told_day(profile, event);
}

void vehicle_sold(Profile& profile, const Event& event) {
  find_or_add(profile.vehicles, read::text(event.data, "id")).sold_on = told_day(profile, event);
}

/// Granted anew: what was asked for has been answered.
void benefit_granted(Profile& profile, const Event& event) {
  const auto& data = event.data;
  const auto kind = read::text(data, "kind");
  const auto id = read::text(data, "id");
  auto& benefit = find_or_add(profile.benefits, id.empty() ? kind : id);
  const auto opened = benefit.opened_on;
  benefit = {.id = benefit.id, .kind = kind};
  benefit.opened_on = read::date(data, "opened_on");
  if (!benefit.opened_on) benefit.opened_on = opened;
  benefit.ends_on = read::date(data, "ends_on");
  benefit.review_on = read::date(data, "review_on");
  benefit.next_statement_on = read::date(data, "next_statement_on");
  benefit.permanent = read::boolean(data, "permanent");
}

/// The benefit of this id, when there is one: nothing is made of a mere mention.
template <typename Set>
void change_benefit(Profile& profile, const Event& event, Set set) {
  const auto id = read::text(event.data, "id");
  for (auto& benefit : profile.benefits) {
    if (benefit.id == id) set(benefit, told_day(profile, event));
  }
}

void benefit_renewal_filed(Profile& profile, const Event& event) {
  change_benefit(profile, event,
                 [](Benefit& benefit, CivilDate on) { benefit.renewal_filed_on = on; });
}

void benefit_ended(Profile& profile, const Event& event) {
  change_benefit(profile, event, [](Benefit& benefit, CivilDate on) { benefit.ended_on = on; });
}

void declaration_filed(Profile& profile, const Event& event) {
  const auto kind = read::text(event.data, "kind");
  const auto* year = read::member(event.data, "year");
  const int number = year == nullptr ? 0 : int(year->as_int64());
  if (kind == "income_tax" && number != 0) profile.tax.filed_years.insert(number);
  if (profile.filings.size() >= facts_max) profile.filings.erase(profile.filings.begin());
  profile.filings.push_back({kind, number, told_day(profile, event)});
}

void claim_made(Profile& profile, const Event& event) {
  const auto& data = event.data;
  auto& claim = find_or_add(profile.claims, read::text(data, "claim"));
  merge_text(claim.kind, data, "kind");
  merge_text(claim.label, data, "label");
  merge_text(claim.silence, data, "silence");
  claim.decision_delay = calendar::parse_period(read::text(data, "decision_delay"));
  claim.made_on = read::date(data, "made_on").value_or(day_of(profile, event));
}

template <typename Set>
void change_claim(Profile& profile, const Event& event, Set set) {
  const auto id = read::text(event.data, "claim");
  for (auto& claim : profile.claims) {
    if (claim.id == id) set(claim, told_day(profile, event));
  }
}

void claim_renewed(Profile& profile, const Event& event) {
  change_claim(profile, event, [](Claim& claim, CivilDate on) { claim.renewed_on = on; });
}

void claim_decided(Profile& profile, const Event& event) {
  change_claim(profile, event, [](Claim& claim, CivilDate on) { claim.decided_on = on; });
}

void procedure_advanced(Profile& profile, const Event& event) {
  const auto& data = event.data;
  if (profile.progress.size() >= facts_max) profile.progress.erase(profile.progress.begin());
  profile.progress.push_back({read::text(data, "rule"), read::text(data, "subject"),
                              read::text(data, "step"), told_day(profile, event)});
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

/// Its id stands in the clear in the database: it is never made of the child's name or birth.
void child_born(Profile& profile, const Event& event) {
  const auto& data = event.data;
  const auto name = read::text(data, "given_name");
  const auto birthdate = read::date(data, "birthdate");
  auto id = read::text(data, "id");
  for (const auto& known : profile.children) {
    if (id.empty() && known.birthdate == birthdate && known.given_name == name) id = known.id;
  }
  if (id.empty()) {
    id = free_id("child", [&](const std::string& candidate) {
      return std::any_of(profile.children.begin(), profile.children.end(),
                         [&](const Child& child) { return child.id == candidate; });
    });
  }
  auto& child = find_or_add(profile.children, id);
  child.given_name = name;
  child.birthdate = birthdate;
  child.handicap = read::boolean(data, "handicap");
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

/// Whether two tellings are of one and the same happening.
bool same_happening(const Happening& a, const Happening& b) {
  return a.type == b.type && a.on == b.on && a.kind == b.kind && a.label == b.label;
}

void remember_happening(Profile& profile, const Event& event) {
  const auto& data = event.data;
  Happening told;
  told.type = event.type;
  told.on = event.type == "child.born"
                ? read::date(data, "birthdate").value_or(day_of(profile, event))
                : told_day(profile, event);
  told.kind = read::text(data, "kind");
  told.place = read::text(data, "place");
  told.label = read::text(data, "label");
  told.online = read::boolean(data, "online");
  told.heir = read::boolean(data, "heir");
  told.id = read::text(data, "id");
  for (const auto& known : profile.happenings) {
    if (told.id.empty() && same_happening(known, told)) told.id = known.id;
  }
  const auto taken = [&](const std::string& id) {
    return std::any_of(profile.happenings.begin(), profile.happenings.end(),
                       [&](const Happening& known) { return known.id == id; });
  };
  if (told.id.empty()) told.id = free_id(told.type + "-" + to_iso(told.on), taken);
  // Another thing may bear the same id: a vehicle bought and then sold.
  if (event.type == "vehicle.sold" || event.type == "child.born") told.id = event.type + "/" + told.id;
  find_or_add(profile.happenings, told.id) = told;
}

using Apply = void (*)(Profile&, const Event&);
struct Effect {
  std::string_view type;
  Apply apply;
  Areas areas;
};
constexpr std::array effects{
    Effect{"citizen.updated", citizen_updated,
           Area::identity | Area::situation | Area::address | Area::tax},
    Effect{"identity_document.issued", document_issued, Area::documents},
    Effect{"document.issued", document_issued, Area::documents},
    Effect{"vehicle.registered", vehicle_registered, Area::vehicles},
    Effect{"vehicle.inspected", vehicle_inspected, Area::vehicles},
    Effect{"vehicle.sold", vehicle_sold, Area::vehicles},
    Effect{"benefit.granted", benefit_granted, Area::benefits},
    Effect{"benefit.renewal_filed", benefit_renewal_filed, Area::benefits},
    Effect{"benefit.ended", benefit_ended, Area::benefits},
    Effect{"declaration.filed", declaration_filed, Area::filings | Area::tax},
    Effect{"claim.made", claim_made, Area::claims},
    Effect{"claim.renewed", claim_renewed, Area::claims},
    Effect{"claim.decided", claim_decided, Area::claims},
    Effect{"document.requested", document_requested, Area::claims},
    Effect{"document.received", document_received, Area::claims},
    Effect{"contact.failed", contact_failed, Areas{}},
    Effect{"deadline.done", deadline_done, Area::done},
    Effect{"procedure.advanced", procedure_advanced, Area::progress},
    Effect{"child.born", child_born, Area::children},
    Effect{"address.changed", address_changed, Area::address},
    Effect{"activity.changed", activity_changed, Area::identity},
    Effect{"school_grant.requested", school_grant_requested, Area::claims}};

bool is_life_event(std::string_view type) {
  const auto* known = find_event_type(type);
  return known != nullptr && known->life;
}

}  // namespace

void apply(Profile& profile, const Event& event) {
  for (const auto& effect : effects) {
    if (effect.type == event.type) effect.apply(profile, event);
  }
  if (is_life_event(event.type)) remember_happening(profile, event);
}

Areas areas_changed(const Event& event) {
  Areas areas;
  for (const auto& effect : effects) {
    if (effect.type == event.type) areas |= effect.areas;
  }
  if (is_life_event(event.type)) areas |= Area::happenings;
  return areas;
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
