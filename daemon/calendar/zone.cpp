// SPDX-License-Identifier: Apache-2.0
#include "calendar/zone.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rappel::calendar {
namespace {

cctz::civil_second civil(CivilDate date, std::chrono::seconds time_of_day) {
  const cctz::civil_second midnight(int(date.year()), int(unsigned(date.month())),
                                    int(unsigned(date.day())), 0, 0, 0);
  return midnight + time_of_day.count();
}

/// cctz also opens "/any/file" and "file:any": a name given by a stranger must name a zone only. ""
/// and "localtime" would mean whatever this machine is set to.
bool names_a_zone(const std::string& name) {
  constexpr std::size_t name_bytes_max = 64;
  constexpr std::string_view others = "_+-/";
  const auto is_letter = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  };
  return !name.empty() && name.size() <= name_bytes_max && name.front() != '/' &&
         name != "localtime" && std::all_of(name.begin(), name.end(), is_letter);
}

}  // namespace

Expected<Zone> Zone::find(const std::string& name) {
  cctz::time_zone zone;
  if (!names_a_zone(name) || !cctz::load_time_zone(name, &zone))
    return refuse(ProblemKind::invalid, "unknown_zone",
                  fmt::format("\"{}\" is not a time zone that this system knows", name), {},
                  "use an IANA name such as Europe/Paris, and check that tzdata is installed");
  return Zone(zone);
}

Instant to_instant(CivilDate date, std::chrono::seconds time_of_day, const Zone& zone) {
  const auto found = zone.native().lookup(civil(date, time_of_day));
  // `pre` uses the offset before the transition: in a gap that is what RFC 5545 asks for, and in a
  // fold it is the first of the two instants.
  return Instant{found.pre};
}

Instant to_instant(LocalDateTime local, const Zone& zone) {
  return to_instant(date_of(local), time_of_day(local), zone);
}

LocalTime to_local(Instant instant, const Zone& zone) {
  const auto seconds = std::chrono::floor<cctz::seconds>(instant);
  const auto local = zone.native().lookup(seconds).cs;
  return {
      CivilDate{std::chrono::year{int(local.year())}, std::chrono::month{unsigned(local.month())},
                std::chrono::day{unsigned(local.day())}},
      std::chrono::hours{local.hour()} + std::chrono::minutes{local.minute()}};
}

LocalKind kind_of(CivilDate date, std::chrono::seconds time_of_day, const Zone& zone) {
  switch (zone.native().lookup(civil(date, time_of_day)).kind) {
    case cctz::time_zone::civil_lookup::SKIPPED:
      return LocalKind::gap;
    case cctz::time_zone::civil_lookup::REPEATED:
      return LocalKind::fold;
    case cctz::time_zone::civil_lookup::UNIQUE:
      break;
  }
  return LocalKind::normal;
}

LocalKind kind_of(LocalDateTime local, const Zone& zone) {
  return kind_of(date_of(local), time_of_day(local), zone);
}

std::string_view to_string(LocalKind kind) {
  if (kind == LocalKind::gap) return "gap";
  return kind == LocalKind::fold ? "fold" : "normal";
}

}  // namespace rappel::calendar
