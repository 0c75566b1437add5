// SPDX-License-Identifier: Apache-2.0
// rules_bench TEMPLATES COUNT: evaluates COUNT citizens of about twenty facts each with every active
// rule, in full and after one event each, and prints one line of JSON.
#include <sys/resource.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <random>
#include <string>

#include "profile/vocabulary.hpp"
#include "rules/rule_book.hpp"

namespace {

using namespace rappel;

double cpu_ns() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

double resident_bytes() {
  long total = 0;
  long resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

Event event_of(const std::string& type, const std::string& data) {
  auto checked = profile::check_event(type, boost::json::parse(data).as_object());
  if (!checked) {
    std::fprintf(stderr, "rules_bench: %s %s\n", type.c_str(), to_string(checked.error()).c_str());
    std::exit(EXIT_FAILURE);
  }
  Event event;
  event.type = type;
  event.data = std::move(*checked);
  event.occurred_at = *parse_rfc3339("2026-11-20T12:00:00Z");
  return event;
}

std::string date(std::mt19937& random, int year_from, int years) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", year_from + int(random() % unsigned(years)),
                int(1 + random() % 12), int(1 + random() % 28));
  return text;
}

/// A household with a card, a passport, a car, two children, benefits and papers under way.
profile::Profile household(unsigned seed) {
  std::mt19937 random(seed);
  static constexpr const char* communes[] = {"75056", "57463", "2A004", "97411", "35238"};
  profile::Profile profile;
  const auto tell = [&](const std::string& type, const std::string& data) {
    profile::apply(profile, event_of(type, data));
  };
  tell("citizen.updated",
       R"({"given_name":"A","family_name":"B","nationality":"FR","activite":"actif","birthdate":")" +
           date(random, 1950, 50) + R"(","address":{"insee":")" + communes[random() % 5] +
           R"("},"tax":{"household":true},"statut_occupation_logement":"locataire_vide",)" +
           R"("inscrit_france_travail":)" + (random() % 4 == 0 ? "true" : "false") + "}");
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

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 3) {
    std::fputs("usage: rules_bench TEMPLATES COUNT\n", stderr);
    return 2;
  }
  const auto count = static_cast<unsigned>(std::strtoul(arguments[2], nullptr, 10));
  const double before = resident_bytes();
  const auto book = rules::RuleBook::load(arguments[1]);
  if (!book || count == 0) return EXIT_FAILURE;
  const double rule_bytes = (resident_bytes() - before) / double(book->rules().size());
  std::vector<profile::Profile> profiles;
  for (unsigned seed = 1; seed <= 1'000; ++seed) profiles.push_back(household(seed));

  std::size_t active = 0;
  for (const auto& rule : book->rules()) active += rule.active ? 1 : 0;
  const CivilDate today = *parse_iso_date("2026-11-24");
  std::size_t deadlines = 0;
  const auto measure = [&](rules::Detail detail, profile::Areas changed) {
    rules::Query query(today);
    query.detail = detail;
    query.changed = changed;
    deadlines = 0;
    const double start = cpu_ns();
    for (unsigned i = 0; i < count; ++i)
      deadlines += book->evaluate(profiles[i % profiles.size()], query).deadlines.size();
    return double(count) / ((cpu_ns() - start) / 1e9);
  };
  const double full = measure(rules::Detail::full, profile::Areas::all());
  const double dates = measure(rules::Detail::dates, profile::Areas::all());
  const double found = double(deadlines) / double(count);
  const double one = measure(rules::Detail::dates, profile::Area::vehicles);
  const double one_full = measure(rules::Detail::full, profile::Area::vehicles);
  std::printf("{\"rules\": %zu, \"deadlines\": %.2f, \"dates\": %.0f, \"explained\": %.0f, "
              "\"incremental\": %.0f, \"incremental_explained\": %.0f, \"rule_bytes\": %.0f}\n",
              active, found, dates, full, one, one_full, rule_bytes);
  return EXIT_SUCCESS;
}
