// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/nearest.hpp"
#include "rules/reading.hpp"
#include "rules/words.hpp"

namespace rappel::rules {
namespace {

Branch read_branch(YamlMap& map, Reading& reading) {
  Branch branch;
  branch.from = read_fact(map, "from", Type::date, reading);
  if (branch.from != nullptr && branch.from->derived && !reading.dates_known)
    map.wrong("from", "derived_fact", "is only known once the rule applies");
  branch.steps = read_steps(map, reading);
  branch.text =
      read_sentences(map, "text", branch.steps.empty() ? Need::required : Need::optional, reading);
  return branch;
}

std::optional<std::chrono::minutes> read_time(YamlMap& map, std::string_view key) {
  const auto text = map.text(key);
  if (!text) return std::nullopt;
  const auto digit = [&](std::size_t at) { return int((*text)[at] - '0'); };
  const bool shaped = text->size() == 5 && (*text)[2] == ':' &&
                      std::all_of(text->begin(), text->end(),
                                  [](char c) { return c == ':' || (c >= '0' && c <= '9'); });
  const int hours = shaped ? digit(0) * 10 + digit(1) : 99;
  const int minutes = shaped ? digit(3) * 10 + digit(4) : 99;
  if (hours > 23 || minutes > 59) {
    map.wrong(key, "not_a_time", "must be HH:MM between quotes");
    return std::nullopt;
  }
  // Between 01:00 and 04:00 a clock change makes hours vanish or come twice.
  if (hours >= 1 && hours < 4) map.wrong(key, "clock_change", "lies in the hours of clock changes",
              "choose an hour of the day, such as \"09:00\"");
  return std::chrono::hours{hours} + std::chrono::minutes{minutes};
}

/// What stands above the stages and holds for those that do not say otherwise.
struct StageDefaults {
  std::optional<std::chrono::minutes> at;
  std::string message;
};

void read_stage_day(YamlMap& item, Stage& stage, Reading& reading) {
  if (item.has("halfway_since")) {
    stage.kind = Stage::Kind::halfway;
    stage.since = read_fact(item, "halfway_since", Type::date, reading);
    return;
  }
  if (!item.has("offset")) item.missing("offset");
  const auto from = item.one_of("from", words::names_of(words::anchors)).value_or("due");
  stage.kind = from == "due" ? Stage::Kind::from_due : Stage::Kind::from_opening;
  stage.offset = read_period(item, "offset").value_or(calendar::Period{});
  const bool later = stage.offset.years > 0 || stage.offset.months > 0 || stage.offset.days > 0;
  if (stage.kind == Stage::Kind::from_due && later)
    item.wrong("offset", "after_the_limit", "a reminder comes before the limit",
               "write it with a minus: -P30D");
}

Stage read_stage(YamlMap& item, const StageDefaults& defaults, Reading& reading) {
  Stage stage;
  stage.name = item.required_text("name");
  read_stage_day(item, stage, reading);
  const auto at = read_time(item, "at");
  if (!at && !defaults.at && !item.has("at")) item.missing("at");
  stage.at = at.value_or(defaults.at.value_or(std::chrono::minutes{}));
  stage.message = item.text("message").value_or(defaults.message);
  if (stage.message.empty()) item.missing("message");
  item.finish();
  return stage;
}

}  // namespace

Derivation read_derivation(YamlMap& map, Reading& reading) {
  Derivation derivation;
  if (!map.has("cases")) {
    derivation.branches.push_back(read_branch(map, reading));
    return derivation;
  }
  auto cases = map.maps("cases");
  if (cases.empty()) map.wrong("cases", "empty_list", "holds no case");
  for (auto& item : cases) {
    auto when = read_condition(item, "when", reading);
    const bool open = when.empty();
    auto branch = read_branch(item, reading);
    branch.when = std::move(when);
    if (open && &item != &cases.back())
      item.wrong("from", "unreachable_case", "a case without \"when\" must be the last");
    item.finish();
    derivation.branches.push_back(std::move(branch));
  }
  return derivation;
}

CampaignUse read_campaign_use(YamlMap& map, Reading& reading) {
  CampaignUse use;
  const auto name = map.required_text("campaign");
  use.campaign = reading.campaigns(name);
  if (!use.campaign && !name.empty()) {
    const auto nearest = nearest_name(name, reading.campaign_names);
    map.wrong("campaign", "unknown_campaign",
              fmt::format("\"{}\" is not a file of calendar/campaigns", name),
              nearest.empty() ? "" : fmt::format("did you mean \"{}\"?", nearest));
  }
  use.text = read_sentences(map, "text", Need::required, reading);
  use.not_published = read_sentences(map, "not_published", Need::required, reading);
  return use;
}

std::vector<Stage> read_stages(YamlMap& root, Reading& reading) {
  std::vector<Stage> stages;
  auto map = root.map("reminders");
  if (!map) {
    if (!root.has("reminders")) root.missing("reminders");
    return stages;
  }
  const StageDefaults defaults{read_time(*map, "at"), map->text("message").value_or("")};
  for (auto& item : map->maps("stages")) {
    stages.push_back(read_stage(item, defaults, reading));
    const auto twice = std::count_if(stages.begin(), stages.end(), [&](const Stage& stage) {
      return stage.name == stages.back().name;
    });
    if (twice > 1) item.wrong("name", "duplicate_stage", "stands twice among the stages");
  }
  if (stages.empty()) map->missing("stages");
  map->finish();
  return stages;
}

}  // namespace rappel::rules
