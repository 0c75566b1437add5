// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/instant.hpp"
#include "profile/channel.hpp"
#include "reminder/states.hpp"

namespace rappel {

/// Which queue a message waits in. A lower value goes first; every lane always moves.
enum class Lane : std::uint8_t { legal_deadline = 0, transactional = 1, advice = 2 };
std::string_view to_string(Lane lane);
std::optional<Lane> parse_lane(std::string_view text);

/// What to do when it could not leave at its instant.
enum class Misfire : std::uint8_t { fire_now, skip };
std::string_view to_string(Misfire policy);
std::optional<Misfire> parse_misfire(std::string_view text);

/// One planned message: a stage of a deadline, or one that a caseworker scheduled.
struct Reminder {
  ReminderId id;
  CitizenId citizen;
  std::optional<DeadlineId> deadline;  ///< none when a caseworker scheduled it on its own
  std::string stage;                   ///< "J-30", "open"; the caseworker's label otherwise
  std::string message;                 ///< the template's name
  std::string topic;
  Lane lane = Lane::transactional;
  bool statutory = false;
  Misfire misfire = Misfire::fire_now;
  Instant due_at{};                      ///< when it should leave; the month of it is its partition
  Instant next_at{};                     ///< when to act next: due_at, or the next attempt
  std::optional<Instant> expires_at;     ///< after this it has lost its sense
  std::optional<CivilDate> due_on;       ///< the date the message speaks of
  std::vector<Channel> channels;         ///< allowed ways in order; empty: the citizen's own order
  ReminderState state = ReminderState::planned;
  std::string state_reason;              ///< why suppressed, cancelled, dead: a code, never a fact
  std::uint32_t attempt = 0;             ///< how many times it was claimed; fences every write
  std::uint32_t channel_index = 0;       ///< the attempt series it is on, from 0: its delivery says which way
  std::uint32_t tries = 0;               ///< times that the provider of this series could not take it
  /// Values of the template's own placeholders. Personal: sealed before they reach SQL.
  boost::json::object values;
};

/// The lane it takes its turns in: what the law makes us send is never less than a legal deadline.
inline Lane urgency_of(const Reminder& reminder) {
  return reminder.statutory ? Lane::legal_deadline : reminder.lane;
}

/// An id that planning finds again: one per deadline, stage and due date.
ReminderId reminder_id_of(DeadlineId deadline, std::string_view stage, CivilDate due_on);
DeadlineId deadline_id_of(CitizenId citizen, std::string_view rule, std::string_view subject,
                          std::string_view occurrence);

}  // namespace rappel
