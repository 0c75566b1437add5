// SPDX-License-Identifier: Apache-2.0
// The stored form of a profile. Unknown facts are left out, so that a small profile stays small.
#include <boost/json/array.hpp>

#include "profile/json_read.hpp"
#include "profile/json_subjects.hpp"
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

json::object write_pause(const Pause& pause) {
  json::object object{{"until", to_iso(pause.until)},
                      {"by", pause.by_caseworker ? "caseworker" : "citizen"}};
  put(object, "topic", pause.topic);
  put(object, "reason", pause.reason);
  return object;
}

Pause read_pause(const json::object& object) {
  return {read::text(object, "topic"), read::as_date(read::text(object, "until")),
          read::text(object, "by") == "caseworker", read::text(object, "reason")};
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
    {"time_zone", &Profile::time_zone},
};

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
  put(object, "pauses", object_list(profile.pauses, write_pause));
  put(object, "needs", text_list(profile.needs));
  put(object, "tax", write_tax(profile.tax));
  write_subjects(object, profile);
  if (profile.human_contact) object["human_contact"] = write_human(*profile.human_contact);
  return object;
}

Profile profile_from_json(const json::object& object, const std::string& usual_zone) {
  Profile profile;
  profile.usual_zone = usual_zone;
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
  profile.contacts = read_list<ContactPoint>(object, "contacts", read_contact);
  profile.pauses = read_list<Pause>(object, "pauses", read_pause);
  profile.needs = read::text_set(object, "needs");
  read_subjects(profile, object);
  return profile;
}

}  // namespace rappel::profile
