// SPDX-License-Identifier: Apache-2.0
#include "calendar/holidays.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.hpp"
#include "base/strict_yaml.hpp"
#include "calendar/easter.hpp"
#include "calendar/period.hpp"

namespace rappel::calendar {
namespace {

bool valid_in(const Holiday& holiday, int year) {
  return (!holiday.from_year || year >= *holiday.from_year) &&
         (!holiday.to_year || year <= *holiday.to_year);
}

CivilDate day_in(const Holiday& holiday, int year, CivilDate easter) {
  if (holiday.fixed) return CivilDate{std::chrono::year{year} / *holiday.fixed};
  return add_days(easter, holiday.days_from_easter);
}

std::vector<CivilDate> days_of(const std::vector<Holiday>& holidays, int year) {
  const auto easter = easter_sunday(year);
  std::vector<CivilDate> days;
  for (const auto& holiday : holidays) {
    if (valid_in(holiday, year)) days.push_back(day_in(holiday, year, easter));
  }
  std::sort(days.begin(), days.end());
  // Two holidays may fall on one day: Ascension on 1 May 2008.
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

/// "05-01"; no 29 February, which most years lack.
std::optional<std::chrono::month_day> parse_month_day(const std::string& text) {
  const auto date = parse_iso_date("2023-" + text);  // any common year
  if (!date) return std::nullopt;
  return std::chrono::month_day{date->month(), date->day()};
}

Holiday read_holiday(YamlMap item) {
  Holiday holiday;
  holiday.name_fr = item.required_text("fr");
  holiday.name_en = item.required_text("en");
  const auto easter = item.integer("easter", -easter_distance_max, easter_distance_max);
  const auto on = item.text("on");
  if (on) holiday.fixed = parse_month_day(*on);
  if (on && !holiday.fixed)
    item.wrong("on", "not_a_day", fmt::format("\"{}\" is not a day of every year", *on),
               "write MM-DD");
  if (easter.has_value() == on.has_value())
    item.wrong(on ? "on" : "fr", "one_of_two", "needs either \"on\" or \"easter\"");
  holiday.days_from_easter = int(easter.value_or(0));
  const auto year_of = [&](std::string_view key) -> std::optional<int> {
    const auto year = item.integer(key, holiday_year_min, holiday_year_max);
    if (!year) return std::nullopt;
    return int(*year);
  };
  holiday.from_year = year_of("from_year");
  holiday.to_year = year_of("to_year");
  holiday.customary = item.boolean("customary").value_or(false);
  holiday.zones = item.texts("zones");
  item.text("source");
  item.finish();
  return holiday;
}

bool applies(const Holiday& holiday, const std::string& zone) {
  return holiday.zones.empty() ||
         std::find(holiday.zones.begin(), holiday.zones.end(), zone) != holiday.zones.end();
}

template <typename Wanted>
std::vector<Holiday> holidays_of(const std::vector<Holiday>& all, const std::string& zone,
                                 const Wanted& wanted) {
  std::vector<Holiday> found;
  for (const auto& holiday : all) {
    if (wanted(holiday) && applies(holiday, zone)) found.push_back(holiday);
  }
  return found;
}

struct ZoneNames {
  std::string name;
  std::vector<std::string> departements;
};

std::vector<ZoneNames> read_zones(YamlMap& root) {
  std::vector<ZoneNames> zones;
  for (auto& item : root.maps("zones")) {
    zones.push_back({item.required_text("name"), item.texts("departements")});
    item.finish();
  }
  if (zones.empty()) root.missing("zones");
  return zones;
}

void check_zone_names(const Holiday& holiday, const std::vector<ZoneNames>& zones, YamlMap& item) {
  std::vector<std::string> known;
  for (const auto& zone : zones) known.push_back(zone.name);
  for (const auto& name : holiday.zones) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto nearest = nearest_name(name, known);
    item.wrong("zones", "unknown_zone", fmt::format("\"{}\" is not a zone of this file", name),
               nearest.empty() ? "" : fmt::format("did you mean \"{}\"?", nearest));
  }
}

}  // namespace

std::vector<CivilDate> HolidayZone::in_year(int year) const {
  return days_of(statutory_, year);
}

std::vector<CivilDate> HolidayZone::customary_in_year(int year) const {
  return days_of(customary_, year);
}

bool HolidayZone::is_holiday(CivilDate date) const {
  const int year = int(date.year());
  const auto easter = easter_sunday(year);
  return std::any_of(statutory_.begin(), statutory_.end(), [&](const Holiday& holiday) {
    return valid_in(holiday, year) && day_in(holiday, year, easter) == date;
  });
}

Checked<Holidays> Holidays::load(const std::string& path, Custom custom) {
  std::vector<Problem> problems;
  const YamlFile file = load_yaml(path, problems);
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  return parse(path, file.text, custom);
}

Checked<Holidays> Holidays::parse(const std::string& path, const std::string& text,
                                  Custom custom) {
  std::vector<Problem> problems;
  const YamlFile file = parse_yaml(path, text, problems);
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  YamlMap root(file, file.root, problems);
  const auto zones = read_zones(root);
  std::vector<Holiday> all;
  for (auto& item : root.maps("holidays")) {
    all.push_back(read_holiday(item));
    check_zone_names(all.back(), zones, item);
  }
  root.finish();
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  Holidays holidays;
  for (const auto& zone : zones) {
    holidays.aliases_.push_back({zone.name, holidays.zones_.size()});
    for (const auto& departement : zone.departements)
      holidays.aliases_.push_back({departement, holidays.zones_.size()});
    const auto counts = [&](const Holiday& holiday) {
      return !holiday.customary || custom == Custom::counted;
    };
    const auto customary = [](const Holiday& holiday) { return holiday.customary; };
    holidays.zones_.emplace_back(zone.name, holidays_of(all, zone.name, counts),
                                 holidays_of(all, zone.name, customary));
  }
  return holidays;
}

const HolidayZone* Holidays::zone(std::string_view name) const {
  for (const auto& alias : aliases_) {
    if (alias.name == name) return &zones_[alias.zone];
  }
  return nullptr;
}

std::vector<std::string> Holidays::zone_names() const {
  std::vector<std::string> names;
  for (const auto& zone : zones_) names.push_back(zone.name());
  return names;
}

}  // namespace rappel::calendar
