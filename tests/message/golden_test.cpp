// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "message/sample.hpp"

// Every shipped message in every language, level and channel, compared with tests/golden/messages.
// RAPPEL_GOLDEN_UPDATE=1 writes the files anew: look at the difference before you commit it.

using namespace rappel;
using namespace rappel::message;
using test::shipped;

namespace {

const std::map<std::string, boost::json::object>& planned() {
  static const std::map<std::string, boost::json::object> values{
      {"appointment",
       {{"place", "mairie, guichet 3"},
        {"day", "2026-12-01"},
        {"hour", "14 h 30"},
        {"bring", {"une pièce d’identité", "un justificatif de domicile"}}}},
      {"caseworker_note",
       {{"title", "Votre dossier d’aide au logement"},
        {"body", "Votre dossier est complet.\n\nNous vous répondrons avant Noël."}}},
      {"documents_missing",
       {{"documents", {"Un relevé d’identité bancaire", "L’avis d’imposition 2026"}},
        {"claim_label", "Bourse de collège"},
        {"requested_on", "2026-11-24"}}},
      {"identity_card_renewal", {{"issued_on", "2012-03-12"}, {"expires_on", "2027-03-12"}}},
      {"income_tax_declaration", {{"year", 2027}, {"departement", "56"}}},
      {"test_message", {}},
  };
  return values;
}

/// A value of the placeholder's type, for messages that have none of their own above.
boost::json::value stand_in(const Placeholder& placeholder) {
  switch (placeholder.type) {
    case ValueType::count:
      return 2;
    case ValueType::date:
      return boost::json::value("2027-03-12");
    case ValueType::amount:
      return 12'345;
    case ValueType::texts:
      return boost::json::array{"une chose", "une autre"};
    case ValueType::flag:
      return true;
    case ValueType::text:
      break;
  }
  return boost::json::value(std::string("exemple").substr(0, placeholder.characters_max));
}

bool told_by_hand(const std::string& name) { return planned().contains(name); }

boost::json::object values_of(const std::string& name) {
  if (told_by_hand(name)) return planned().at(name);
  boost::json::object values;
  for (const auto& placeholder : shipped().find(name, Language::fr)->placeholders)
    values[placeholder.name] = stand_in(placeholder);
  return values;
}

/// Why each of them was sent, as the rules say it; the identity card is the sample's own.
void give_reason(const std::string& name, Values& standard) {
  const auto say = [&](const char* reason, const char* rule, const char* law, const char* brief) {
    standard["reason"] = std::string(reason);
    standard["rule_name"] = std::string(rule);
    standard["legal_reference"] = std::string(law);
    standard["legal_short"] = std::string(brief);
  };
  if (name == "income_tax_declaration") {
    say("Vous devez déclarer vos revenus en ligne.", "fr.tax.declaration_revenus (version 1)",
        "Code général des impôts, article 1728", "CGI, art. 1728");
  } else if (name == "documents_missing") {
    say("Il manque des pièces à votre dossier.", "fr.procedure.dossier_incomplet (version 1)",
        "Code des relations entre le public et l'administration, article L114-5",
        "CRPA, art. L114-5");
  } else if (name != "identity_card_renewal") {
    say("Une personne de Mairie de Lorient a prévu ce message pour vous.",
        "message prévu par un agent", "RGPD, article 6, 1, e : mission d'intérêt public",
        "RGPD art. 6");
  }
}

/// One file tells what a reader of one language and level gets, channel by channel.
std::string page(const std::string& name, Language language, ReadingLevel level) {
  std::string text;
  for (const Channel channel : {Channel::email, Channel::sms, Channel::inapp}) {
    auto wanted = test::request(name, channel);
    wanted.language = language;
    wanted.level = level;
    wanted.values = values_of(name);
    give_reason(name, wanted.standard);
    wanted.standard["safe_on"] = test::date("2027-03-11");
    wanted.standard["link"] = std::string("https://rappel.example/l/abc");
    const auto made = shipped().render(wanted);
    REQUIRE_MESSAGE(made, (made ? "" : to_string(made.error())));
    text += fmt::format("=== {}\n", to_string(channel));
    if (!made->subject.empty()) text += made->subject + "\n---\n";
    text += made->text + "\n";
    if (!made->private_body.empty()) text += "--- private\n" + made->private_body + "\n";
    // The layout is everywhere the same: those told by hand show it.
    if (!made->html.empty() && told_by_hand(name)) text += "--- html\n" + made->html + "\n";
    if (channel == Channel::sms)
      text += fmt::format("--- {} {}\n", to_string(made->encoding), made->segments);
  }
  return text;
}

void compare(const std::string& file, const std::string& text) {
  const std::string path = std::string(RAPPEL_SOURCE_DIR) + "/tests/golden/messages/" + file;
  if (std::getenv("RAPPEL_GOLDEN_UPDATE") != nullptr) std::ofstream(path) << text;
  std::ifstream stream(path);
  const std::string golden(std::istreambuf_iterator<char>(stream), {});
  CHECK_MESSAGE(golden == text, file << " differs; RAPPEL_GOLDEN_UPDATE=1 writes it anew");
}

}  // namespace

TEST_CASE("every shipped message reads as its golden file says") {
  for (const auto& name : shipped().names()) {
    for (const Language language : {Language::fr, Language::en}) {
      for (const ReadingLevel level : {ReadingLevel::standard, ReadingLevel::plain}) {
        compare(fmt::format("{}.{}.{}.txt", name, to_string(language), to_string(level)),
                page(name, language, level));
      }
    }
  }
}

TEST_CASE("every shipped message is there in both languages") {
  CHECK(shipped().notes().empty());
  CHECK(shipped().all().size() == 2 * shipped().names().size());
}

TEST_CASE("every shipped SMS stays in its alphabet and within two segments") {
  for (const auto& name : shipped().names()) {
    for (const Language language : {Language::fr, Language::en}) {
      for (const ReadingLevel level : {ReadingLevel::standard, ReadingLevel::plain}) {
        auto wanted = test::request(name, Channel::sms);
        wanted.language = language;
        wanted.level = level;
        wanted.values = values_of(name);
        const auto sms = shipped().render(wanted).value();
        CAPTURE(sms.text);
        CHECK(sms.encoding == SmsEncoding::gsm7);
        CHECK(sms.segments <= 2);
      }
    }
  }
}

TEST_CASE("every shipped message names the human and the reason and the law") {
  const auto standard = test::standard();
  const auto said = [&](const std::string& text, const char* name) {
    return text.find(std::get<std::string>(standard.at(name))) != std::string::npos;
  };
  for (const auto& name : shipped().names()) {
    for (const Channel channel : {Channel::email, Channel::inapp, Channel::sms}) {
      auto wanted = test::request(name, channel);
      wanted.values = values_of(name);
      const auto text = shipped().render(wanted)->text;
      CAPTURE(text);
      CHECK(said(text, "human_phone"));
      if (channel == Channel::sms) {
        CHECK(text.find("décret no 55-1397, art. 1") != std::string::npos);
      } else {
        for (const auto* needed : {"reason", "legal_reference", "rule_name"})
          CHECK(said(text, needed));
      }
    }
  }
}
