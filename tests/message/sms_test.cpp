// SPDX-License-Identifier: Apache-2.0
#include "message/sms.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fstream>
#include <iterator>
#include <string>

using namespace rappel::message;

namespace {

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

SmsSegments gsm7(std::size_t segments) {
  return {SmsEncoding::gsm7, segments};
}
SmsSegments ucs2(std::size_t segments) {
  return {SmsEncoding::ucs2, segments};
}

}  // namespace

TEST_CASE("segments agree with those of an independent calculator") {
  std::ifstream file(std::string(RAPPEL_SOURCE_DIR) + "/tests/message/data/sms_segments_fr.json");
  const auto data = boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  const auto& vectors = data.at("vectors").as_array();
  REQUIRE(vectors.size() == 19);
  for (const auto& vector : vectors) {
    const std::string text(vector.at("text").as_string());
    CAPTURE(text);
    const auto found = sms_segments(text);
    CHECK(to_string(found.encoding) == std::string_view(vector.at("encoding").as_string()));
    CHECK(found.segments == std::size_t(vector.at("segments").as_int64()));
  }
}

TEST_CASE("an SMS alone holds 160 septets and a part 153") {
  CHECK(sms_segments("") == gsm7(1));
  CHECK(sms_segments(repeated("é", 160)) == gsm7(1));
  CHECK(sms_segments(repeated("é", 161)) == gsm7(2));
  CHECK(sms_segments(repeated("a", 306)) == gsm7(2));
  CHECK(sms_segments(repeated("a", 307)) == gsm7(3));
}

TEST_CASE("a character of the extension table counts two and is never split") {
  CHECK(sms_segments(repeated("€", 80)) == gsm7(1));
  CHECK(sms_segments(repeated("€", 81)) == gsm7(2));
  // 152 septets, then an escape that does not fit into the 153rd: the second part begins with it.
  CHECK(sms_segments(repeated("a", 152) + "€" + repeated("a", 151)) == gsm7(2));
  CHECK(sms_segments(repeated("a", 152) + "€" + repeated("a", 152)) == gsm7(3));
}

TEST_CASE("outside the alphabet an SMS alone holds 70 units and a part 67") {
  CHECK(sms_segments(repeated("ê", 70)) == ucs2(1));
  CHECK(sms_segments(repeated("ê", 71)) == ucs2(2));
  CHECK(sms_segments(repeated("ê", 134)) == ucs2(2));
  CHECK(sms_segments(repeated("ê", 135)) == ucs2(3));
}

TEST_CASE("a surrogate pair counts two units and is never split") {
  CHECK(sms_segments(repeated("😀", 35)) == ucs2(1));
  CHECK(sms_segments(repeated("😀", 36)) == ucs2(2));
  // 66 units, then a pair that does not fit into the 67th.
  CHECK(sms_segments(repeated("ê", 66) + "😀" + repeated("ê", 65)) == ucs2(2));
  CHECK(sms_segments(repeated("ê", 66) + "😀" + repeated("ê", 66)) == ucs2(3));
}

TEST_CASE("a capital c cedilla is in the alphabet and a small one is not") {
  CHECK(sms_segments("Ç").encoding == SmsEncoding::gsm7);
  CHECK(sms_segments("ç").encoding == SmsEncoding::ucs2);
}

TEST_CASE("no cedilla is written in the alphabet since gateways disagree about it") {
  CHECK(to_gsm7("Ça, ça").text == "Ca, ca");
}

TEST_CASE("French typography is written in the alphabet of an SMS") {
  const auto plain = to_gsm7("L’œuvre « Forêt » : 1\u202F250,50\u00A0€ – reçue à Noël…");
  CHECK(plain.text == "L'oeuvre \"Foret\" : 1 250,50 € - recue à Noel...");
  CHECK(plain.changed);
  CHECK(plain.complete);
  CHECK(sms_segments(plain.text).encoding == SmsEncoding::gsm7);
}

TEST_CASE("a letter with two accents loses what the alphabet lacks") {
  CHECK(to_gsm7("ế À Œ").text == "e A OE");
}

TEST_CASE("the sign of a numbered decree is written in letters") {
  CHECK(to_gsm7("décret n° 55-1397").text == "décret no 55-1397");
}

TEST_CASE("a text already in the alphabet is left alone") {
  const auto plain = to_gsm7("Déjà prêt ? Non : à écrire.");
  CHECK(plain.text == "Déjà pret ? Non : à écrire.");
  CHECK_FALSE(to_gsm7("Déjà là").changed);
}

TEST_CASE("a text that nothing can bring into the alphabet keeps all its letters") {
  const auto kept = to_gsm7("Bonjour Владимир, c’est prêt");
  CHECK_FALSE(kept.complete);
  CHECK_FALSE(kept.changed);
  CHECK(kept.text == "Bonjour Владимир, c’est prêt");
}
