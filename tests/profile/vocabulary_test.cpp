// SPDX-License-Identifier: Apache-2.0
#include "profile/vocabulary.hpp"

#include <doctest/doctest.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <set>

#include "profile/phone.hpp"

using namespace rappel;
using namespace rappel::profile;
namespace json = boost::json;

namespace {

json::object object(const std::string& text) {
  return json::parse(text).as_object();
}

Problem refused(const std::string& type, const std::string& data) {
  const auto checked = check_event(type, object(data));
  REQUIRE_FALSE(checked.has_value());
  return checked.error();
}

Problem refused_citizen(const std::string& body) {
  const auto checked = check_citizen_update(object(body));
  REQUIRE_FALSE(checked.has_value());
  return checked.error();
}

std::string phone(const std::string& text, const std::string& country = "fr") {
  const auto number = normalise_phone(text, country);
  return number ? *number : "refused";
}

std::string email(const std::string& text) {
  const auto address = normalise_email(text);
  return address ? *address : "refused";
}

}  // namespace

TEST_CASE("an unknown field is refused with its place and the nearest name") {
  const auto problem = refused_citizen(R"({"given_nme":"Jeanne"})");
  CHECK(problem.code == "unknown_field");
  CHECK(problem.where == "/given_nme");
  CHECK(problem.mend == "did you mean \"given_name\"?");
  CHECK(refused_citizen(R"({"preferences":{"langage":"fr"}})").where == "/preferences/langage");
  CHECK(refused_citizen(R"({"a/b~c":1})").where == "/a~1b~0c");
}

TEST_CASE("an unknown event is refused with the nearest one that a caller may send") {
  const auto problem = refused("identity_document.isued", "{}");
  CHECK(problem.code == "unknown_event_type");
  CHECK(problem.mend == "did you mean \"identity_document.issued\"?");
  CHECK(refused("reminder.sent", "{}").code == "reserved_event_type");
}

TEST_CASE("a date that does not exist or lies out of all lives is refused") {
  CHECK(refused_citizen(R"({"birthdate":"2023-02-29"})").code == "not_a_date");
  CHECK(refused_citizen(R"({"birthdate":"29/02/2024"})").code == "not_a_date");
  CHECK(refused_citizen(R"({"birthdate":"0001-01-01"})").code == "date_out_of_range");
  CHECK(refused_citizen(R"({"birthdate":"9999-12-31"})").code == "date_out_of_range");
  CHECK(check_citizen_update(object(R"({"birthdate":"2024-02-29"})")).has_value());
}

TEST_CASE("a value of the wrong type is refused where it stands") {
  CHECK(refused_citizen(R"({"given_name":12})").code == "wrong_type");
  CHECK(refused_citizen(R"({"contacts":{}})").where == "/contacts");
  CHECK(refused_citizen(R"({"contacts":["x"]})").where == "/contacts/0");
  CHECK(refused_citizen(R"({"tax":{"household":"yes"}})").where == "/tax/household");
  CHECK(refused("declaration.filed", R"({"kind":"income_tax","year":2026.5})").where == "/year");
  CHECK(refused("declaration.filed", R"({"kind":"income_tax","year":1066})").code ==
        "out_of_range");
  CHECK(refused("child.born", R"({"birthdate":null})").code == "wrong_type");
}

TEST_CASE("a required field that is missing is named") {
  const auto problem = refused("identity_document.issued", R"({"kind":"cni"})");
  CHECK(problem.code == "missing_field");
  CHECK(problem.where == "/issued_on");
}

TEST_CASE("a word outside a closed list comes with the nearest one") {
  const auto problem = refused_citizen(R"({"activite":"retraitee"})");
  CHECK(problem.code == "unknown_value");
  CHECK(problem.mend == "did you mean \"retraite\"?");
  CHECK(problem.detail.find("retraitee") == std::string::npos);
}

TEST_CASE("line breaks and NUL cannot enter a text") {
  CHECK(refused_citizen(R"({"given_name":"Jeanne\r\nBcc: x@y.fr"})").code == "control_character");
  CHECK(refused_citizen(R"({"given_name":"a\u0000b"})").code == "control_character");
  CHECK(refused_citizen(R"({"contacts":[{"channel":"email","address":"a@b.fr\n"}]})").code ==
        "control_character");
}

TEST_CASE("texts and lists have limits") {
  CHECK(refused_citizen(R"({"given_name":")" + std::string(101, 'a') + R"("})").code == "too_long");
  CHECK(refused_citizen(R"({"given_name":""})").code == "empty_text");
  std::string needs;
  for (int i = 0; i < 51; ++i) needs += std::string(i == 0 ? "" : ",") + R"("low_vision")";
  CHECK(refused_citizen(R"({"needs":[)" + needs + "]}").code == "too_many");
}

TEST_CASE("a French number becomes international with the prefix of its territory") {
  CHECK(phone("06 12 34 56 78") == "+33612345678");
  CHECK(phone("01.23.45.67.89") == "+33123456789");
  CHECK(phone("+33 (0)6 12 34 56 78") == "+33612345678");
  CHECK(phone("0033 6 12 34 56 78") == "+33612345678");
  CHECK(phone("0692 12 34 56") == "+262692123456");
  CHECK(phone("0690-12-34-56") == "+590690123456");
  CHECK(phone("0694123456") == "+594694123456");
  CHECK(phone("0696123456") == "+596696123456");
  CHECK(phone("0639123456") == "+262639123456");
  CHECK(phone("+32 2 123 45 67") == "+3221234567");
}

TEST_CASE("a national number is read as those of the tenant's country are written") {
  CHECK(phone("0470 12 34 56", "be") == "+32470123456");
  CHECK(phone("02 123 45 67", "be") == "+3221234567");
  CHECK(phone("06 12 34 56 78 9", "be") == "refused");
  CHECK(phone("470 12 34 56", "be") == "refused");  // without its 0
  CHECK(phone("5123 4567", "ee") == "+37251234567");
  CHECK(phone("612 3456", "ee") == "+3726123456");
  CHECK(phone("0512 3456", "ee") == "refused");
  CHECK(phone("+33 6 12 34 56 78", "be") == "+33612345678");
  CHECK(phone("0032 470 12 34 56", "ee") == "+32470123456");
  CHECK(phone("+32 470 12 34 567", "fr") == "refused");
}

TEST_CASE("a national number of a country whose plan is not known is refused with the way to write it") {
  CHECK(phone("27 12 34 56", "lu") == "refused");
  CHECK(normalise_phone("27 12 34 56", "lu").error().mend.find("country's code") != std::string::npos);
  CHECK(phone("+352 27 12 34 56", "lu") == "+35227123456");
}

TEST_CASE("every phone number of a citizen is read by the tenant's country") {
  const auto checked = check_citizen_update(
      object(R"({"contacts":[{"channel":"sms","address":"0470 12 34 56"}],
                 "human_contact":{"name":"Mme Roy","phone":"02 123 45 67"}})"),
      "be");
  REQUIRE(checked.has_value());
  CHECK(checked->at("contacts").at(0).at("address") == "+32470123456");
  CHECK(checked->at("human_contact").at("phone") == "+3221234567");
  const auto problem = check_citizen_update(
      object(R"({"human_contact":{"name":"Mme Roy","phone":"02 123"}})"), "be");
  REQUIRE_FALSE(problem.has_value());
  CHECK(problem.error().where == "/human_contact/phone");
  CHECK(problem.error().code == "bad_phone");
}

TEST_CASE("what cannot be dialled is refused") {
  for (const char* text : {"", "+", "06 12 34 56", "612345678", "06123456789", "+33 6 12 34 56",
                           "+330612345678", "+0123456789", "abc", "06 12 34 56 7x", "++33612345678",
                           "06+12345678", "+1234567", "+1234567890123456", "06 12\n34 56 78"}) {
    CAPTURE(text);
    CHECK(phone(text) == "refused");
  }
}

TEST_CASE("an SMS cannot go to a special rate number and a call can") {
  CHECK(check_address("sms", "08 99 12 34 56").error().code == "bad_phone");
  CHECK(check_address("call", "0899123456").value() == "+33899123456");
}

TEST_CASE("an e-mail address keeps its name and lowers its domain") {
  CHECK(email("Jeanne.Martin@Example.FR") == "Jeanne.Martin@example.fr");
  CHECK(email("o'neil+x@sub.example.fr") == "o'neil+x@sub.example.fr");
  CHECK(email("zoé@exämple.fr") == "zoé@exämple.fr");
}

TEST_CASE("an e-mail address that no server would take is refused") {
  for (const char* text : {"", "jeanne", "@example.fr", "jeanne@", "jeanne@example", "a@b@c.fr",
                           ".a@b.fr", "a.@b.fr", "a..b@c.fr", "a b@c.fr", "a@-b.fr", "a@b-.fr",
                           "a@b..fr", "a@.fr", "<a@b.fr>", "a@b.fr>", "a@b.fr RCPT", "a,b@c.fr"}) {
    CAPTURE(text);
    CHECK(email(text) == "refused");
  }
  CHECK(email(std::string(65, 'a') + "@b.fr") == "refused");
}

TEST_CASE("contacts are kept in the form of their channel and never twice") {
  const auto checked = check_citizen_update(object(
      R"({"contacts":[{"channel":"sms","address":"0612345678"},
                      {"channel":"email","address":"J@Example.fr"}]})"));
  REQUIRE(checked.has_value());
  CHECK(checked->at("contacts").at(0).at("address") == "+33612345678");
  CHECK(checked->at("contacts").at(1).at("address") == "J@example.fr");
  const auto problem = refused_citizen(
      R"({"contacts":[{"channel":"sms","address":"0612345678"},
                      {"channel":"sms","address":"+33 6 12 34 56 78"}]})");
  CHECK(problem.code == "duplicate_contact");
  CHECK(problem.where == "/contacts/1/address");
}

TEST_CASE("a letter gives a date or a delay and not both nor none") {
  const std::string start = R"({"claim":"b","label":"l","documents":["x"])";
  CHECK(refused("document.requested", start + "}").code == "missing_field");
  CHECK(refused("document.requested", start + R"(,"due_on":"2026-12-01","delay":"P1M"})").code ==
        "two_limits");
  CHECK(refused("document.requested", start + R"(,"delay":"-P1M"})").code == "not_a_period");
  CHECK(refused("document.requested", start + R"(,"delay":"P0D"})").code == "not_a_period");
  CHECK(
      refused("document.requested", start + R"(,"due_on":"2026-12-01","received_on":"2026-12-02"})")
          .where == "/due_on");
}

TEST_CASE("places and hours have their form") {
  CHECK(refused_citizen(R"({"address":{"insee":"7505"}})").code == "not_an_insee_code");
  CHECK(refused_citizen(R"({"address":{"insee":"2C004"}})").code == "not_an_insee_code");
  CHECK(refused_citizen(R"({"nationality":"fr"})").code == "not_a_country");
  CHECK(refused_citizen(R"({"preferences":{"quiet_hours":{"from":"24:00","to":"08:00"}}})").where ==
        "/preferences/quiet_hours/from");
  CHECK(refused_citizen(R"({"preferences":{"muted_topics":["Tax"]}})").code == "not_a_topic");
}

TEST_CASE("the vocabulary names each thing once and explains each event") {
  std::set<std::string_view> names;
  for (const auto& type : event_types()) {
    CHECK(names.insert(type.name).second);
    CHECK_FALSE(type.doc.empty());
    REQUIRE(type.data != nullptr);
    std::set<std::string_view> fields;
    for (const auto& field : type.data->fields) {
      CHECK(fields.insert(field.name).second);
      CHECK((field.type != FieldType::choice || !field.choices.empty()));
      CHECK((field.type != FieldType::object || field.shape != nullptr));
    }
  }
}
