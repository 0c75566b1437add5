// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.hpp"
#include "base/problem.hpp"

// Public holidays of each zone of a country, from a data file: nothing of a country is written in
// the code. Pure once loaded; any thread.

namespace rappel::calendar {

/// Years that a holiday may begin or end in, and days from Easter that it may lie.
inline constexpr int holiday_year_min = 1583;
inline constexpr int holiday_year_max = 9999;
inline constexpr int easter_distance_max = 120;

/// One line of the data file: a fixed day of the year, or a number of days from Easter Sunday.
struct Holiday {
  std::string name_fr, name_en;
  std::optional<std::chrono::month_day> fixed;
  int days_from_easter = 0;               ///< when it is not fixed
  std::optional<int> from_year, to_year;  ///< years of validity, both included
  bool customary = false;                 ///< not in a statute: only for those who ask for it
  std::vector<std::string> zones;         ///< empty: every zone
};

/// The holidays of one zone.
class HolidayZone {
 public:
  HolidayZone(std::string name, std::vector<Holiday> statutory, std::vector<Holiday> customary)
      : name_(std::move(name)),
        statutory_(std::move(statutory)),
        customary_(std::move(customary)) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  /// By law, and by custom where it counts; in the order of the year, each day once.
  [[nodiscard]] std::vector<CivilDate> in_year(int year) const;
  /// Those that only custom gives; they count for nothing unless a caller asks.
  [[nodiscard]] std::vector<CivilDate> customary_in_year(int year) const;
  [[nodiscard]] bool is_holiday(CivilDate date) const;

 private:
  std::string name_;
  std::vector<Holiday> statutory_;
  std::vector<Holiday> customary_;
};

/// Whether days that only custom gives count as holidays: an administration says so for all its people.
enum class Custom { left_out, counted };

class Holidays {
 public:
  static Checked<Holidays> load(const std::string& path, Custom custom = Custom::left_out);
  /// The same from text in memory; `path` only names it.
  static Checked<Holidays> parse(const std::string& path, const std::string& text,
                                 Custom custom = Custom::left_out);

  /// By name ("57-67-68") or by a departement of it ("57"); null when unknown.
  [[nodiscard]] const HolidayZone* zone(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> zone_names() const;

 private:
  struct Alias {
    std::string name;
    std::size_t zone;
  };
  std::vector<HolidayZone> zones_;
  std::vector<Alias> aliases_;
};

}  // namespace rappel::calendar
