// SPDX-License-Identifier: Apache-2.0
#include "calendar/local_date_time.hpp"

namespace rappel::calendar {

LocalDateTime local_at(CivilDate date, std::chrono::seconds time_of_day) {
  return std::chrono::local_days{date} + time_of_day;
}

CivilDate date_of(LocalDateTime local) {
  return CivilDate{std::chrono::floor<std::chrono::days>(local)};
}

std::chrono::seconds time_of_day(LocalDateTime local) {
  return local - std::chrono::floor<std::chrono::days>(local);
}

std::string to_iso(LocalDateTime local) {
  auto text = to_rfc3339(Instant{local.time_since_epoch()});
  text.pop_back();  // the Z
  return text;
}

std::optional<LocalDateTime> parse_iso_local(std::string_view text) {
  constexpr std::size_t length = std::string_view("2026-01-28T09:00:00").size();
  if (text.size() != length || text[10] != 'T') return std::nullopt;
  const auto instant = parse_rfc3339(std::string(text) + "Z");
  if (!instant) return std::nullopt;
  return LocalDateTime{std::chrono::floor<std::chrono::seconds>(instant->time_since_epoch())};
}

}  // namespace rappel::calendar
