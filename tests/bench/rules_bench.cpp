// SPDX-License-Identifier: Apache-2.0
// rules_bench TEMPLATES COUNT: evaluates COUNT citizens of about twenty facts each with every active
// rule, in full and after one event each, and prints one line of JSON.
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>

#include "household.hpp"
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
  for (unsigned seed = 1; seed <= 1'000; ++seed) profiles.push_back(bench::household(seed));

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
