// SPDX-License-Identifier: Apache-2.0
#include "rules/campaign.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/strict_yaml.hpp"
#include "profile/place.hpp"
#include "rules/digest.hpp"
#include "rules/words.hpp"

namespace rappel::rules {
namespace {

int read_departement(YamlMap& item, std::string_view key) {
  const auto text = item.required_text(key);
  // Ranges are written with the old number 20, which stands for both departements of Corsica.
  const int order = profile::departement_sort_key(text);
  if (!text.empty() && order == 0)
    item.wrong(key, "not_a_departement", fmt::format("\"{}\" is not a departement", text),
               "write it between quotes: \"01\", \"2A\", \"974\"");
  return order;
}

Campaign::Year read_year(YamlMap item, int number, const std::vector<std::string>& zones) {
  Campaign::Year year;
  year.opens_on = item.date("opens_on");
  year.source = item.required_text("source");
  year.url = item.text("url").value_or("");
  item.one_of("confidence", words::names_of(words::confidences));
  if (!item.has("verified_on")) item.missing("verified_on");
  year.verified_on = item.date("verified_on").value_or(CivilDate{});
  if (!item.has("due_on")) item.missing("due_on");
  if (auto due = item.map("due_on")) {
    for (const auto& zone : zones) {
      const auto date = due->date(zone);
      if (!due->has(zone)) due->missing(zone);
      if (date && int(date->year()) != number)
        due->wrong(zone, "wrong_year", fmt::format("is not a day of {}", number));
      if (date) year.due_on[zone] = *date;
    }
    due->finish();
  }
  item.finish();
  return year;
}

std::optional<int> year_number(const std::string& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (number < 1900 || number > 2200) return std::nullopt;
  return number;
}

}  // namespace

Checked<Campaign> Campaign::load(const std::string& path) {
  std::vector<Problem> problems;
  const YamlFile file = load_yaml(path, problems);
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  return parse(path, file.text);
}

Checked<Campaign> Campaign::parse(const std::string& path, const std::string& text) {
  std::vector<Problem> problems;
  const YamlFile file = parse_yaml(path, text, problems);
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  YamlMap root(file, file.root, problems);
  Campaign campaign;
  campaign.hash_ = hash_of(text);
  std::vector<std::string> ids;
  for (auto& item : root.maps("zones")) {
    Zone zone{item.required_text("id")};
    zone.everywhere = !item.has("from") && !item.has("to");
    if (!zone.everywhere) {
      zone.from = read_departement(item, "from");
      zone.to = read_departement(item, "to");
      if (zone.to < zone.from) item.wrong("to", "wrong_range", "lies before \"from\"");
    }
    const bool alone = ids.empty();
    if (!alone && (zone.everywhere || campaign.zones_.front().everywhere))
      item.wrong("id", "wrong_zone", "stands beside a zone without departements, which is for everybody");
    item.finish();
    ids.push_back(zone.id);
    campaign.zones_.push_back(std::move(zone));
  }
  if (ids.empty()) root.missing("zones");
  if (auto years = root.map("years")) {
    for (const auto& key : years->keys()) {
      const auto number = year_number(key);
      if (!number) years->wrong(key, "not_a_year", "must be a year such as 2026");
      if (!number) continue;
      if (auto item = years->map(key)) campaign.years_[*number] = read_year(*item, *number, ids);
    }
  } else {
    root.missing("years");
  }
  root.finish();
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  return campaign;
}

const Campaign::Year* Campaign::year(int year) const {
  const auto found = years_.find(year);
  return found == years_.end() ? nullptr : &found->second;
}

std::string_view Campaign::zone_of(std::string_view departement) const {
  const int order = profile::departement_sort_key(departement);
  for (const auto& zone : zones_) {
    if (zone.everywhere || (order != 0 && order >= zone.from && order <= zone.to)) return zone.id;
  }
  return {};
}

}  // namespace rappel::rules
