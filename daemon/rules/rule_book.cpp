// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/nearest.hpp"
#include "base/text_file.hpp"
#include "base/yaml_folder.hpp"
#include "calendar/holidays.hpp"
#include "profile/place.hpp"
#include "rules/digest.hpp"
#include "rules/evaluate.hpp"
#include "rules/examples.hpp"
#include "rules/holiday_zone.hpp"
#include "rules/reading.hpp"
#include "rules/supersession.hpp"

namespace rappel::rules {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t rule_files_max = 2000;
constexpr std::size_t campaign_files_max = 500;

void add_all(std::vector<Problem>& problems, std::vector<Problem> more) {
  problems.insert(problems.end(), std::make_move_iterator(more.begin()),
                  std::make_move_iterator(more.end()));
}

using Campaigns = std::map<std::string, std::shared_ptr<const Campaign>, std::less<>>;

Campaigns load_campaigns(const fs::path& folder, std::vector<Problem>& problems) {
  Campaigns campaigns;
  for (const auto& file : yaml_files_if_any(folder, campaign_files_max, problems)) {
    auto campaign = Campaign::load(file.string());
    if (!campaign) add_all(problems, campaign.error());
    // A broken file still has a name: rules that use it are not blamed as well.
    campaigns[file.stem().string()] =
        std::make_shared<const Campaign>(campaign ? *campaign : Campaign{});
  }
  return campaigns;
}

using Holidays = std::map<std::string, calendar::Holidays, std::less<>>;

/// France has a zone for each kind of departement; another country has one, named as the country.
void check_zones_of(const std::string& country, const calendar::Holidays& holidays,
                    const std::string& path, std::vector<Problem>& problems) {
  std::vector<std::string> names{country};
  if (country == "fr") {
    names.clear();
    for (const char* departement :
         {"75", "57", "971", "972", "973", "974", "975", "976", "977", "978"})
      names.emplace_back(profile::holiday_zone_of(departement));
  }
  for (const auto& name : names) {
    if (holidays.zone(name) == nullptr)
      problems.push_back({ProblemKind::invalid, "missing_zone",
                          fmt::format("lacks the zone \"{}\"", name), path, ""});
  }
}

std::string holidays_path(const fs::path& directory, const std::string& country) {
  return directory / "calendar" / ("holidays." + country + ".yaml");
}

/// The public holidays of each country that has rules.
Holidays load_holidays(const fs::path& directory, const std::set<std::string>& countries,
                       calendar::Custom custom, std::vector<Problem>& problems) {
  Holidays holidays;
  for (const auto& country : countries) {
    const auto path = holidays_path(directory, country);
    auto loaded = calendar::Holidays::load(path, custom);
    if (!loaded) {
      add_all(problems, loaded.error());
      continue;
    }
    check_zones_of(country, *loaded, path, problems);
    holidays.emplace(country, std::move(*loaded));
  }
  return holidays;
}

/// "fr/identity/cni_majeur.v2.yaml" → "fr.identity.cni_majeur".
std::string id_of_path(const fs::path& relative) {
  std::string id;
  for (const auto& part : relative.parent_path()) id += part.string() + ".";
  const auto name = relative.filename().string();
  return id + name.substr(0, name.find('.'));
}

void check_id(const Rule& rule, const fs::path& relative, const YamlFile& file,
              std::vector<Problem>& problems) {
  const auto wanted = id_of_path(relative);
  if (rule.id.empty() || rule.id == wanted) return;
  const YAML::Node& root = file.root;
  problems.push_back({ProblemKind::invalid, "id_is_not_path",
                      fmt::format("id: \"{}\" does not say where the file lies", rule.id),
                      yaml_where(file.path, root["id"]), fmt::format("write id: {}", wanted)});
}

bool overlap(const Rule& a, const Rule& b) {
  const bool a_before_b = a.valid_to && b.valid_from && *a.valid_to < *b.valid_from;
  const bool b_before_a = b.valid_to && a.valid_from && *b.valid_to < *a.valid_from;
  return !a_before_b && !b_before_a;
}

void check_versions(const std::vector<Rule>& rules, std::vector<Problem>& problems) {
  for (std::size_t i = 1; i < rules.size(); ++i) {
    const auto& before = rules[i - 1];
    const auto& rule = rules[i];
    if (rule.id != before.id) continue;
    if (rule.version == before.version)
      problems.push_back(
          {ProblemKind::invalid, "duplicate_version",
           fmt::format("version {} of {} stands in {} too", rule.version, rule.id, before.path),
           rule.path, ""});
    else if (rule.active && before.active && overlap(before, rule))
      problems.push_back({ProblemKind::invalid, "overlapping_versions",
                          fmt::format("is in force at the same time as version {}", before.version),
                          rule.path, "give valid_to to the older one and valid_from to the newer"});
  }
}

std::vector<Rule> load_rules(const fs::path& folder, const Campaigns& campaigns,
                             std::vector<Problem>& problems) {
  std::vector<std::string> names;
  for (const auto& [name, campaign] : campaigns) names.push_back(name);
  const FindCampaign find = [&](std::string_view name) -> std::shared_ptr<const Campaign> {
    const auto found = campaigns.find(name);
    return found == campaigns.end() ? nullptr : found->second;
  };
  std::vector<Rule> rules;
  for (const auto& path : yaml_files_below(folder, rule_files_max, problems)) {
    const YamlFile file = load_yaml(path.string(), problems);
    if (!file.root.IsDefined()) continue;
    rules.push_back(read_rule(file, find, names, problems));
    rules.back().country = path.lexically_relative(folder).begin()->string();
    check_id(rules.back(), path.lexically_relative(folder), file, problems);
  }
  std::sort(rules.begin(), rules.end(), [](const Rule& a, const Rule& b) {
    return std::tie(a.id, a.version) < std::tie(b.id, b.version);
  });
  check_versions(rules, problems);
  return rules;
}

void find_bases(const fs::path& directory, std::vector<Rule>& rules) {
  std::map<std::string, std::string> holidays;  // hash by country
  for (auto& rule : rules) {
    auto& of_country = holidays[rule.country];
    if (of_country.empty()) of_country = hash_of(read_text_file(holidays_path(directory, rule.country), yaml_bytes_max).value_or(""));
    const auto& campaign = rule.program->campaign;
    rule.basis = hash_of(rule.hash + of_country + (campaign ? campaign->campaign->hash() : ""));
  }
}

/// Drafts do not count: nobody is evaluated by them.
std::string fingerprint_of(const std::vector<Rule>& rules, calendar::Custom custom) {
  std::string all = std::to_string(evaluation_format);
  if (custom == calendar::Custom::counted) all += " customary holidays count";
  for (const auto& rule : rules) {
    if (rule.active) all += rule.basis;
  }
  return hash_of(all).substr(0, 32);
}

}  // namespace

struct RuleBook::Parts {
  std::vector<Rule> rules;
  Holidays holidays;
  Supersessions supersessions;
  std::string fingerprint;

  [[nodiscard]] const calendar::Holidays& holidays_of(const Rule& rule) const {
    return holidays.find(rule.country)->second;
  }
};

Checked<RuleBook> RuleBook::load(const fs::path& directory, calendar::Custom custom) {
  std::vector<Problem> problems;
  auto parts = std::make_shared<Parts>();
  const auto campaigns = load_campaigns(directory / "calendar" / "campaigns", problems);
  parts->rules = load_rules(directory / "deadlines", campaigns, problems);
  std::set<std::string> countries;
  for (const auto& rule : parts->rules) countries.insert(rule.country);
  parts->holidays = load_holidays(directory, countries, custom, problems);
  parts->supersessions = Supersessions(parts->rules, problems);
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  find_bases(directory, parts->rules);
  parts->fingerprint = fingerprint_of(parts->rules, custom);
  return RuleBook(std::move(parts));
}

const std::string& RuleBook::fingerprint() const {
  return parts_->fingerprint;
}

const calendar::HolidayZone* RuleBook::holidays_of(std::string_view country,
                                                   std::string_view departement) const {
  const auto holidays = parts_->holidays.find(country);
  if (holidays == parts_->holidays.end()) return nullptr;
  return holidays->second.zone(country == "fr" ? profile::holiday_zone_of(departement) : country);
}

Evaluation RuleBook::evaluate(const profile::Profile& profile, const Query& query) const {
  Evaluation evaluation;
  const auto holidays = parts_->holidays.find(query.country);
  if (holidays == parts_->holidays.end()) return evaluation;  // no rule of this country
  evaluation.book = parts_;
  const Context citizen(profile, query.as_of);
  const auto& zone = holiday_zone_of(holidays->second, query.country, citizen);
  for (const auto& rule : parts_->rules) {
    if (!rule.active || rule.country != query.country) continue;
    if (rule.areas.meets(query.changed)) {
      evaluate_rule(rule, zone, citizen, query.detail, evaluation);
    } else {
      evaluation.left_out.push_back(rule.id);
    }
  }
  parts_->supersessions.apply(evaluation);
  return evaluation;
}

std::string RuleBook::digest(const Evaluation& evaluation) const {
  return digest_of(evaluation, [&](const PlannedDeadline& deadline) -> std::string_view {
    const auto found = std::lower_bound(
        parts_->rules.begin(), parts_->rules.end(), deadline,
        [](const Rule& rule, const PlannedDeadline& wanted) {
          return std::tie(rule.id, rule.version) < std::tie(wanted.rule, wanted.version);
        });
    return found == parts_->rules.end() ? std::string_view() : found->basis;
  });
}

std::span<const Rule> RuleBook::rules() const {
  return parts_->rules;
}

const Rule* RuleBook::find(std::string_view id) const {
  const Rule* found = nullptr;
  for (const auto& rule : parts_->rules) {
    if (rule.id == id && (found == nullptr || rule.active || !found->active)) found = &rule;
  }
  return found;
}

std::vector<ExampleResult> RuleBook::run_examples(const Rule& rule) const {
  std::vector<ExampleResult> results;
  for (const auto& example : rule.program->examples)
    results.push_back({rule.id, example.name, run_example(rule, example, parts_->holidays_of(rule))});
  return results;
}

}  // namespace rappel::rules
