// SPDX-License-Identifier: Apache-2.0
#include "profile/profile.hpp"

#include <doctest/doctest.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "profile/place.hpp"
#include "profile/vocabulary.hpp"

using namespace rappel;
using namespace rappel::profile;
namespace json = boost::json;

namespace {

CivilDate day(const char* text) {
  return parse_iso_date(text).value();
}

Event event(const std::string& type, const std::string& data, const char* on = "2026-11-24") {
  auto checked = check_event(type, json::parse(data).as_object());
  if (!checked) MESSAGE(to_string(checked.error()));
  REQUIRE(checked.has_value());
  Event made;
  made.type = type;
  made.data = *checked;
  made.occurred_at = std::chrono::sys_days(day(on)) + std::chrono::hours{12};
  return made;
}

/// One event of each kind that tells a fact.
std::vector<Event> a_life() {
  return {
      event("citizen.updated",
            R"({"given_name":"Awa","family_name":"Diop","preferred_username":"Martin",
                "birthdate":"1981-07-09","gender":"female","nationality":"FR","activite":"actif",
                "statut_marital":"celibataire","statut_occupation_logement":"locataire_hlm",
                "address":{"lines":["3 rue X"],"postcode":"97400","city":"Saint-Denis",
                           "insee":"97411"},
                "contacts":[{"channel":"email","address":"awa@example.fr"},
                            {"channel":"sms","address":"0692123456"}],
                "preferences":{"channels":["sms","email"],"language":"en",
                               "quiet_hours":{"from":"20:30","to":"08:00"},
                               "reading_level":"plain","large_print":true,
                               "muted_topics":["tax"],"paused_until":"2026-12-31"},
                "consented_channels":["sms","email"],"needs":["low_vision"],
                "tax":{"household":true,"automatic_declaration":false},
                "human_contact":{"name":"Mme Roy","phone":"0123456789",
                                 "email":"roy@mairie.fr","hours":"9 h - 12 h"}})"),
      event("identity_document.issued",
            R"({"kind":"cni","issued_on":"2022-03-01","expires_on":"2032-02-29",
                "format":"card_2021"})"),
      event("declaration.filed", R"({"kind":"income_tax","year":2026})"),
      event("school_grant.requested", R"({"claim":"b1","label":"bourse"})"),
      event("document.requested",
            R"({"claim":"b1","label":"bourse des collèges","documents":["RIB","avis"],
                "delay":"P15D"})"),
      event("document.received", R"({"claim":"b1","documents":["RIB"]})"),
      event("contact.failed", R"({"channel":"email"})"),
      event("deadline.done", R"({"rule":"fr.x","subject":"s","occurrence":"o"})"),
      event("child.born", R"({"given_name":"Léo","birthdate":"2026-11-01"})"),
      event("activity.changed", R"({"activite":"chomeur"})"),
  };
}

}  // namespace

TEST_CASE("folding one by one gives what folding all at once gives") {
  const auto events = a_life();
  Profile one_by_one;
  for (const auto& each : events) {
    apply(one_by_one, each);
    one_by_one = profile_from_json(to_json(one_by_one));  // as the store does between two requests
  }
  CHECK(one_by_one == fold(events));
}

TEST_CASE("a profile survives its stored form") {
  const auto profile = fold(a_life());
  const auto stored = json::parse(json::serialize(to_json(profile))).as_object();
  CHECK(profile_from_json(stored) == profile);
  CHECK(profile_from_json(to_json(Profile{})) == Profile{});
  CHECK(to_json(Profile{}).empty());
}

TEST_CASE("every event of the vocabulary leaves its fact") {
  const auto profile = fold(a_life());
  CHECK(profile.given_name == "Awa");
  CHECK(profile.activite == "chomeur");
  CHECK(profile.documents.at(0).id == "cni-2022-03-01");
  CHECK(profile.tax.filed_years == std::set<int>{2026});
  REQUIRE(profile.claims.size() == 1);
  const auto& claim = profile.claims.front();
  CHECK(claim.kind == "school_grant");
  CHECK(claim.label == "bourse des collèges");
  CHECK(claim.requests.at(0).due_on == day("2026-12-09"));
  CHECK(claim.requests.at(0).received == std::set<std::string>{"RIB"});
  CHECK_FALSE(claim.requests.at(0).received_on.has_value());
  CHECK_FALSE(profile.contacts.at(0).usable);
  CHECK(profile.contacts.at(1).usable);
  CHECK(profile.children.at(0).birthdate == day("2026-11-01"));
  CHECK(profile.done.at(0).rule == "fr.x");
  CHECK(profile.preferences.quiet_hours->from == std::chrono::minutes{20 * 60 + 30});
  CHECK(profile.human_contact->phone == "+33123456789");
}

TEST_CASE("an update changes what it names and null removes it") {
  auto profile = fold(a_life());
  apply(profile, event("citizen.updated",
                       R"({"given_name":null,"preferences":{"language":"fr","quiet_hours":null},
                           "address":{"city":"Sainte-Marie"},"consented_channels":null,
                           "tax":{"automatic_declaration":null}})"));
  CHECK(profile.given_name.empty());
  CHECK(profile.family_name == "Diop");
  CHECK(profile.preferences.language == Language::fr);
  CHECK_FALSE(profile.preferences.quiet_hours.has_value());
  CHECK(profile.preferences.large_print);
  CHECK(profile.address.city == "Sainte-Marie");
  CHECK(profile.address.insee == "97411");
  CHECK_FALSE(profile.consented_channels.has_value());
  CHECK(profile.tax.household == true);
  CHECK_FALSE(profile.tax.automatic_declaration.has_value());
  apply(profile, event("citizen.updated", R"({"preferences":null,"contacts":null})"));
  CHECK(profile.preferences == Preferences{});
  CHECK(profile.contacts.empty());
}

TEST_CASE("no channel agreed is not the same as nobody asked") {
  auto profile = fold(a_life());
  apply(profile, event("citizen.updated", R"({"consented_channels":[]})"));
  REQUIRE(profile.consented_channels.has_value());
  CHECK(profile.consented_channels->empty());
  CHECK(profile_from_json(to_json(profile)) == profile);
}

TEST_CASE("a bad address stays bad when it is repeated and is mended on request") {
  auto profile = fold(a_life());
  apply(profile, event("citizen.updated",
                       R"({"contacts":[{"channel":"email","address":"awa@example.fr"}]})"));
  CHECK_FALSE(profile.contacts.at(0).usable);
  apply(profile,
        event("citizen.updated",
              R"({"contacts":[{"channel":"email","address":"awa@example.fr","usable":true}]})"));
  CHECK(profile.contacts.at(0).usable);
}

TEST_CASE("a failure of one address leaves the others of its channel") {
  auto profile = fold(
      std::vector{event("citizen.updated", R"({"contacts":[{"channel":"sms","address":"0612345678"},
                                         {"channel":"sms","address":"0712345678"}]})")});
  apply(profile, event("contact.failed", R"({"channel":"sms","address":"+33712345678"})"));
  CHECK(profile.contacts.at(0).usable);
  CHECK_FALSE(profile.contacts.at(1).usable);
}

TEST_CASE("the last document that comes closes a request on its day") {
  auto profile = fold(a_life());
  apply(profile, event("document.received", R"({"claim":"b1","documents":["photo"]})"));
  CHECK_FALSE(profile.claims.at(0).requests.at(0).received_on.has_value());
  apply(profile,
        event("document.received", R"({"claim":"b1","documents":["avis"]})", "2026-12-02"));
  CHECK(profile.claims.at(0).requests.at(0).received_on == day("2026-12-02"));
  apply(profile, event("document.received", R"({"claim":"b1"})", "2026-12-05"));
  CHECK(profile.claims.at(0).requests.at(0).received_on == day("2026-12-02"));
}

TEST_CASE("a move replaces the whole address and with it the hour of day") {
  auto profile = fold(a_life());
  CHECK(profile.departement() == "974");
  CHECK(profile.zone().name() == "Indian/Reunion");
  apply(profile, event("address.changed", R"({"postcode":"20000","insee":"2A004"})"));
  CHECK(profile.address.city.empty());
  CHECK(profile.departement() == "2A");
  CHECK(profile.zone().name() == "Europe/Paris");
}

TEST_CASE("whose address is not known lives by the administration's clock until it is") {
  profile::Profile profile;
  profile.usual_zone = "Europe/Tallinn";
  CHECK(profile.zone().name() == "Europe/Tallinn");
  CHECK(profile_from_json(to_json(profile), "Europe/Tallinn") == profile);
  CHECK(fold(std::vector<Event>{}, "Europe/Tallinn").zone().name() == "Europe/Tallinn");
  apply(profile, event("address.changed", R"({"insee":"97411"})"));
  CHECK(profile.zone().name() == "Indian/Reunion");
  profile.time_zone = "America/Cayenne";
  CHECK(profile.zone().name() == "America/Cayenne");
  profile.time_zone = "Mars/Olympus";
  CHECK(profile.zone().name() == "Indian/Reunion");
}

TEST_CASE("what we recorded ourselves changes no fact") {
  auto profile = fold(a_life());
  const auto before = profile;
  for (const char* type : {"reminder.sent", "reminder.delivered", "reminder.failed",
                           "reminder.suppressed", "something.of_tomorrow"}) {
    Event made;
    made.type = type;
    made.data = {{"reminder", "x"}, {"channel", "email"}};
    apply(profile, made);
  }
  CHECK(profile == before);
}

TEST_CASE("facts of one kind are bounded and the oldest leave first") {
  Profile profile;
  for (std::size_t i = 0; i <= facts_max; ++i)
    apply(profile, event("child.born",
                         R"({"birthdate":"2026-01-01","id":"c)" + std::to_string(i) + R"("})"));
  CHECK(profile.children.size() == facts_max);
  CHECK(profile.children.front().id == "c1");
}

TEST_CASE("a departement comes from the code of its commune") {
  CHECK(departement_of("75056") == "75");
  CHECK(departement_of("01053") == "01");
  CHECK(departement_of("2A004") == "2A");
  CHECK(departement_of("2B033") == "2B");
  CHECK(departement_of("97105") == "971");
  CHECK(departement_of("98818") == "988");
  CHECK(departement_of("99100").empty());
  CHECK(departement_of("").empty());
  CHECK(departement_of("7505").empty());
}

TEST_CASE("departements are ordered with Corsica where the number 20 stood") {
  CHECK(departement_sort_key("19") < departement_sort_key("2A"));
  CHECK(departement_sort_key("20") < departement_sort_key("2A"));
  CHECK(departement_sort_key("2A") < departement_sort_key("2B"));
  CHECK(departement_sort_key("2B") < departement_sort_key("21"));
  CHECK(departement_sort_key("95") < departement_sort_key("971"));
  CHECK(departement_sort_key("") == 0);
  CHECK(departement_sort_key("2C") == 0);
}

TEST_CASE("holidays follow the departement and every zone is on this system") {
  CHECK(holiday_zone_of("67") == "57-67-68");
  CHECK(holiday_zone_of("973") == "973");
  CHECK(holiday_zone_of("75") == "metropole");
  CHECK(holiday_zone_of("") == "metropole");
  CHECK(check_zones().has_value());
}
