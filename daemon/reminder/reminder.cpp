// SPDX-License-Identifier: Apache-2.0
#include "reminder/reminder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rappel {
namespace {
constexpr std::array<std::string_view, 3> lane_names{"legal_deadline", "transactional", "advice"};
constexpr std::array<std::string_view, 2> misfire_names{"fire_now", "skip"};
}  // namespace

std::string_view to_string(Lane lane) { return lane_names[std::size_t(lane)]; }
std::string_view to_string(Misfire policy) { return misfire_names[std::size_t(policy)]; }

std::optional<Lane> parse_lane(std::string_view text) {
  const auto found = std::find(lane_names.begin(), lane_names.end(), text);
  if (found == lane_names.end()) return std::nullopt;
  return Lane(found - lane_names.begin());
}

std::optional<Misfire> parse_misfire(std::string_view text) {
  const auto found = std::find(misfire_names.begin(), misfire_names.end(), text);
  if (found == misfire_names.end()) return std::nullopt;
  return Misfire(found - misfire_names.begin());
}

ReminderId reminder_id_of(DeadlineId deadline, std::string_view stage, CivilDate due_on) {
  return ReminderId::derived(deadline.shard(), fmt::format("reminder\x1f{}\x1f{}\x1f{}",
                                                           deadline.to_string(), stage,
                                                           to_iso(due_on)));
}

DeadlineId deadline_id_of(CitizenId citizen, std::string_view rule, std::string_view subject,
                          std::string_view occurrence) {
  return DeadlineId::derived(citizen.shard(),
                             fmt::format("deadline\x1f{}\x1f{}\x1f{}\x1f{}", citizen.to_string(),
                                         rule, subject, occurrence));
}

}  // namespace rappel
