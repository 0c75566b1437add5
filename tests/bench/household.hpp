// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/parse.hpp>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "profile/profile.hpp"
#include "profile/vocabulary.hpp"

// The people that benchmarks are about.

namespace rappel::bench {

inline Event event_of(const std::string& type, const std::string& data) {
  auto checked = profile::check_event(type, boost::json::parse(data).as_object());
  if (!checked) {
    std::fprintf(stderr, "%s %s\n", type.c_str(), to_string(checked.error()).c_str());
    std::exit(EXIT_FAILURE);
  }
  Event event;
  event.type = type;
  event.data = std::move(*checked);
  event.occurred_at = *parse_rfc3339("2026-11-20T12:00:00Z");
  return event;
}

inline std::string date(std::mt19937& random, int year_from, int years) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", year_from + int(random() % unsigned(years)),
                int(1 + random() % 12), int(1 + random() % 28));
  return text;
}

/// A household with a card, a passport, a car, two children, benefits and papers under way.
inline profile::Profile household(unsigned seed) {
  std::mt19937 random(seed);
  static constexpr const char* communes[] = {"75056", "57463", "2A004", "97411", "35238"};
  const bool jobseeker = random() % 4 == 0;
  profile::Profile profile;
  const auto tell = [&](const std::string& type, const std::string& data) {
    profile::apply(profile, event_of(type, data));
  };
  tell("citizen.updated",
       R"({"given_name":"A","family_name":"B","nationality":"FR","activite":")" +
           std::string(jobseeker ? "chomeur" : "actif") + R"(","birthdate":")" +
           date(random, 1950, 50) + R"(","address":{"insee":")" + communes[random() % 5] +
           R"("},"tax":{"household":true},"statut_occupation_logement":"locataire_vide",)" +
           R"("inscrit_france_travail":)" + (jobseeker ? "true" : "false") + "}");
  tell("identity_document.issued", R"({"id":"c","kind":"cni","issued_on":")" + date(random, 2008, 17) + "\"}");
  tell("identity_document.issued",
       R"({"id":"p","kind":"passeport","issued_on":")" + date(random, 2016, 10) + "\"}");
  tell("vehicle.registered", R"({"id":"v","category":"M1","first_registered_on":")" +
                                 date(random, 2010, 16) + "\"}");
  tell("child.born", R"({"id":"k1","given_name":"C","birthdate":")" + date(random, 2008, 17) + "\"}");
  tell("child.born", R"({"id":"k2","given_name":"D","birthdate":")" + date(random, 2008, 17) + "\"}");
  tell("benefit.granted", R"({"kind":"ppa","opened_on":")" + date(random, 2024, 2) + "\"}");
  tell("document.requested",
       R"({"claim":"b","label":"bourse","documents":["RIB","avis"],"due_on":"2026-12-12"})");
  return profile;
}

}  // namespace rappel::bench
