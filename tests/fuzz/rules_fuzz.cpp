// SPDX-License-Identifier: Apache-2.0
// Any text, read as a rule file: it is refused with a place and a sentence, or its examples run.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/ensure.hpp"
#include "calendar/holidays.hpp"
#include "rules/examples.hpp"
#include "rules/reading.hpp"

using namespace rappel;

namespace {

const calendar::Holidays& holidays() {
  static const auto loaded = calendar::Holidays::parse(
      "holidays.fr.yaml", "zones: [{name: metropole}]\nholidays:\n  - {on: \"01-01\", fr: a, en: a, source: b}\n");
  ensure(loaded.has_value(), "the holidays of this target are well formed");
  return *loaded;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::vector<Problem> problems;
  const auto file =
      parse_yaml("rule.yaml", std::string(reinterpret_cast<const char*>(bytes), size), problems);
  if (file.root.IsDefined()) {
    const rules::FindCampaign none = [](std::string_view) {
      return std::shared_ptr<const rules::Campaign>();
    };
    auto rule = rules::read_rule(file, none, {}, problems);
    rule.country = "fr";
    if (problems.empty()) {
      for (const auto& example : rule.program->examples) {
        // Only the mainland's holidays are here.
        if (profile::fold(example.events).departement().empty())
          static_cast<void>(rules::run_example(rule, example, holidays()));
      }
    }
  }
  for (const auto& problem : problems) {
    ensure(!problem.detail.empty(), "a refusal says what is wrong");
    ensure(problem.where.starts_with("rule.yaml"), "a refusal says where");
  }
  return 0;
}
