// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/strict_yaml.hpp"
#include "rules/program.hpp"
#include "rules/rule.hpp"

// From the YAML of a rule to its compiled form. What is wrong is noted with file:line:column, and
// reading goes on, so that a jurist mends a file in one go.

namespace rappel::rules {

/// Finds a campaign's dates by name; null when there is none.
using FindCampaign = std::function<std::shared_ptr<const Campaign>(std::string_view name)>;

struct Reading {
  const YamlFile& file;
  std::vector<Problem>& problems;
  Scope scope = Scope::citizen;
  const FindCampaign& campaigns;
  const std::vector<std::string>& campaign_names;
  bool dates_known = false;  ///< while reading what is asked once the limit is known
};

/// The rule of one file. Meaningless when problems were noted.
Rule read_rule(const YamlFile& file, const FindCampaign& campaigns,
               const std::vector<std::string>& campaign_names, std::vector<Problem>& problems);

Condition read_condition(YamlMap& parent, std::string_view key, Reading& reading);
Derivation read_derivation(YamlMap& map, Reading& reading);
std::vector<Step> read_steps(YamlMap& map, Reading& reading);
Turns read_turns(YamlMap& map, Reading& reading);
CampaignUse read_campaign_use(YamlMap& map, Reading& reading);
std::vector<Stage> read_stages(YamlMap& root, Reading& reading);
std::vector<Example> read_examples(YamlMap& root, Reading& reading);

enum class Need { required, optional };
Text read_text(YamlMap& parent, std::string_view key, Need need);
Sentences read_sentences(YamlMap& parent, std::string_view key, Need need, Reading& reading);
/// A fact that this rule's scope has; null and a problem otherwise. With a type, of that type only.
const Fact* read_fact(YamlMap& parent, std::string_view key, std::optional<Type> type,
                      Reading& reading);
const Fact* named_fact(YamlMap& parent, std::string_view key, const std::string& name,
                       Reading& reading);
std::optional<calendar::Period> read_period(YamlMap& parent, std::string_view key);

}  // namespace rappel::rules
