// SPDX-License-Identifier: Apache-2.0
#include "app/ctl/templates.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <set>

#include "app/ctl/command.hpp"

namespace rappel::app::ctl {

Library need_library(const Config& config, std::string folder) {
  auto changed = config;
  changed.templates_directory = std::move(folder);
  return need_library(changed);
}

Library need_library(const Config& config) {
  auto library = load_library(config);
  if (library) return *library;
  for (const auto& problem : library.error()) fmt::print(stderr, "{}\n", to_string(problem));
  throw UsageError(fmt::format("{} problem(s) in {}; nothing was loaded", library.error().size(),
                               config.templates_directory));
}

void check_country(const rules::RuleBook& rules, const std::string& country) {
  std::set<std::string> known;
  for (const auto& rule : rules.rules()) known.insert(rule.country);
  if (!known.contains(country))
    throw UsageError(fmt::format("no rule is of the country \"{}\"; there are rules of {}", country,
                                 fmt::join(known, ", ")));
}

}  // namespace rappel::app::ctl
