// SPDX-License-Identifier: Apache-2.0
// The stored form of a profile. Unknown facts are left out, so that a small profile stays small.
#include <boost/json/array.hpp>

#include "profile/json_read.hpp"
#include "profile/profile.hpp"

namespace rappel::profile {
namespace {

namespace json = boost::json;

void put(json::object& object, std::string_view name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

void put(json::object& object, std::string_view name, const std::optional<CivilDate>& date) {
  if (date) object[name] = to_iso(*date);
}

void put(json::object& object, std::string_view name, const std::optional<bool>& flag) {
  if (flag) object[name] = *flag;
}

void put(json::object& object, std::string_view name, json::object part) {
  if (!part.empty()) object[name] = std::move(part);
}

void put(json::object& object, std::string_view name, json::array list) {
  if (!list.empty()) object[name] = std::move(list);
}

template <typename Items>
json::array text_list(const Items& items) {
  json::array list;
  for (const auto& item : items) list.emplace_back(item);
  return list;
}

template <typename Channels>
json::array channel_list(const Channels& channels) {
  json::array list;
  for (const Channel channel : channels) list.emplace_back(to_string(channel));
  return list;
}

template <typename Item, typename Write>
json::array object_list(const std::vector<Item>& items, Write write) {
  json::array list;
  for (const auto& item : items) list.emplace_back(write(item));
  return list;
}

template <typename Item, typename Read>
std::vector<Item> read_list(const json::object& object, std::string_view name, Read read_one) {
  std::vector<Item> items;
  if (const auto* list = read::member(object, name)) {
    for (const auto& item : list->as_array()) items.push_back(read_one(item.as_object()));
  }
  return items;
}

json::object write_address(const Address& address) {
  json::object object;
  put(object, "lines", text_list(address.lines));
  put(object, "postcode", address.postcode);
  put(object, "city", address.city);
  put(object, "insee", address.insee);
  return object;
}

Address read_address(const json::object& object) {
  return {read::texts(object, "lines"), read::text(object, "postcode"), read::text(object, "city"),
          read::text(object, "insee")};
}

json::object write_contact(const ContactPoint& contact) {
  json::object object{{"channel", to_string(contact.channel)}, {"address", contact.address}};
  if (!contact.usable) object["usable"] = false;
  return object;
}

ContactPoint read_contact(const json::object& object) {
  return {read::as_channel(read::text(object, "channel")), read::text(object, "address"),
          read::boolean(object, "usable").value_or(true)};
}

json::object write_preferences(const Preferences& preferences) {
  json::object object;
  put(object, "channels", channel_list(preferences.channels));
  if (preferences.quiet_hours)
    object["quiet_hours"] = {{"from", read::show_time(preferences.quiet_hours->from)},
                             {"to", read::show_time(preferences.quiet_hours->to)}};
  if (preferences.language != Language::fr) object["language"] = to_string(preferences.language);
  if (preferences.reading_level != ReadingLevel::standard)
    object["reading_level"] = to_string(preferences.reading_level);
  if (preferences.large_print) object["large_print"] = true;
  put(object, "muted_topics", text_list(preferences.muted_topics));
  put(object, "paused_until", preferences.paused_until);
  return object;
}

Preferences read_preferences(const json::object& object) {
  Preferences preferences;
  preferences.channels = read::channels(object, "channels");
  if (const auto* hours = read::object(object, "quiet_hours"))
    preferences.quiet_hours = {read::time(*hours, "from"), read::time(*hours, "to")};
  preferences.language = parse_language(read::text(object, "language")).value_or(Language::fr);
  preferences.reading_level =
      parse_reading_level(read::text(object, "reading_level")).value_or(ReadingLevel::standard);
  preferences.large_print = read::boolean(object, "large_print").value_or(false);
  preferences.muted_topics = read::text_set(object, "muted_topics");
  preferences.paused_until = read::date(object, "paused_until");
  return preferences;
}

json::object write_document(const Document& document) {
  json::object object{{"id", document.id}, {"kind", document.kind}};
  put(object, "issued_on", document.issued_on);
  put(object, "expires_on", document.expires_on);
  put(object, "format", document.format);
  return object;
}

Document read_document(const json::object& object) {
  return {read::text(object, "id"), read::text(object, "kind"), read::date(object, "issued_on"),
          read::date(object, "expires_on"), read::text(object, "format")};
}

json::object write_child(const Child& child) {
  json::object object{{"id", child.id}};
  put(object, "given_name", child.given_name);
  put(object, "birthdate", child.birthdate);
  return object;
}

Child read_child(const json::object& object) {
  return {read::text(object, "id"), read::text(object, "given_name"),
          read::date(object, "birthdate")};
}

json::object write_request(const DocumentRequest& request) {
  json::object object{{"requested_on", to_iso(request.requested_on)},
                      {"due_on", to_iso(request.due_on)}};
  if (request.delay) object["delay"] = to_string(*request.delay);
  put(object, "documents", text_list(request.documents));
  put(object, "received", text_list(request.received));
  put(object, "received_on", request.received_on);
  return object;
}

DocumentRequest read_request(const json::object& object) {
  return {read::as_date(read::text(object, "requested_on")),
          read::as_date(read::text(object, "due_on")),
          calendar::parse_period(read::text(object, "delay")),
          read::texts(object, "documents"),
          read::text_set(object, "received"),
          read::date(object, "received_on")};
}

json::object write_claim(const Claim& claim) {
  json::object object{{"id", claim.id}};
  put(object, "kind", claim.kind);
  put(object, "label", claim.label);
  put(object, "made_on", claim.made_on);
  put(object, "requests", object_list(claim.requests, write_request));
  return object;
}

Claim read_claim(const json::object& object) {
  return {read::text(object, "id"), read::text(object, "kind"), read::text(object, "label"),
          read::date(object, "made_on"),
          read_list<DocumentRequest>(object, "requests", read_request)};
}

json::object write_tax(const Tax& tax) {
  json::object object;
  put(object, "household", tax.household);
  put(object, "automatic_declaration", tax.automatic_declaration);
  json::array years;
  for (const int year : tax.filed_years) years.emplace_back(year);
  put(object, "filed_years", std::move(years));
  return object;
}

Tax read_tax(const json::object& object) {
  Tax tax{read::boolean(object, "household"), read::boolean(object, "automatic_declaration"), {}};
  if (const auto* years = read::member(object, "filed_years")) {
    for (const auto& year : years->as_array()) tax.filed_years.insert(int(year.as_int64()));
  }
  return tax;
}

json::object write_done(const Done& done) {
  json::object object{{"rule", done.rule}, {"on", to_iso(done.on)}};
  put(object, "subject", done.subject);
  put(object, "occurrence", done.occurrence);
  return object;
}

Done read_done(const json::object& object) {
  return {read::text(object, "rule"), read::text(object, "subject"),
          read::text(object, "occurrence"), read::as_date(read::text(object, "on"))};
}

json::object write_human(const HumanContact& human) {
  json::object object{{"name", human.name}};
  put(object, "phone", human.phone);
  put(object, "email", human.email);
  put(object, "hours", human.hours);
  return object;
}

HumanContact read_human(const json::object& object) {
  return {read::text(object, "name"), read::text(object, "phone"), read::text(object, "email"),
          read::text(object, "hours")};
}

// One list of the plain texts, for both directions.
constexpr std::pair<std::string_view, std::string Profile::*> plain_texts[] = {
    {"given_name", &Profile::given_name},
    {"family_name", &Profile::family_name},
    {"preferred_username", &Profile::preferred_username},
    {"gender", &Profile::gender},
    {"nationality", &Profile::nationality},
    {"activite", &Profile::activite},
    {"statut_marital", &Profile::statut_marital},
    {"statut_occupation_logement", &Profile::statut_occupation_logement},
};

void read_lists(Profile& profile, const json::object& object) {
  profile.contacts = read_list<ContactPoint>(object, "contacts", read_contact);
  profile.documents = read_list<Document>(object, "documents", read_document);
  profile.children = read_list<Child>(object, "children", read_child);
  profile.claims = read_list<Claim>(object, "claims", read_claim);
  profile.done = read_list<Done>(object, "done", read_done);
  profile.needs = read::text_set(object, "needs");
}

}  // namespace

json::object to_json(const Profile& profile) {
  json::object object;
  for (const auto& [name, fact] : plain_texts) put(object, name, profile.*fact);
  put(object, "birthdate", profile.birthdate);
  put(object, "address", write_address(profile.address));
  put(object, "contacts", object_list(profile.contacts, write_contact));
  put(object, "preferences", write_preferences(profile.preferences));
  // An empty list is a wish, not an absence: no channel at all.
  if (profile.consented_channels)
    object["consented_channels"] = channel_list(*profile.consented_channels);
  put(object, "needs", text_list(profile.needs));
  put(object, "documents", object_list(profile.documents, write_document));
  put(object, "children", object_list(profile.children, write_child));
  put(object, "claims", object_list(profile.claims, write_claim));
  put(object, "tax", write_tax(profile.tax));
  put(object, "done", object_list(profile.done, write_done));
  if (profile.human_contact) object["human_contact"] = write_human(*profile.human_contact);
  return object;
}

Profile profile_from_json(const json::object& object) {
  Profile profile;
  for (const auto& [name, fact] : plain_texts) profile.*fact = read::text(object, name);
  profile.birthdate = read::date(object, "birthdate");
  if (const auto* part = read::object(object, "address")) profile.address = read_address(*part);
  if (const auto* part = read::object(object, "preferences"))
    profile.preferences = read_preferences(*part);
  if (read::member(object, "consented_channels") != nullptr) {
    const auto agreed = read::channels(object, "consented_channels");
    profile.consented_channels = std::set<Channel>(agreed.begin(), agreed.end());
  }
  if (const auto* part = read::object(object, "tax")) profile.tax = read_tax(*part);
  if (const auto* part = read::object(object, "human_contact"))
    profile.human_contact = read_human(*part);
  read_lists(profile, object);
  return profile;
}

}  // namespace rappel::profile
