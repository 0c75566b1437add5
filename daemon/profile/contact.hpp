// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "profile/channel.hpp"

// How a citizen may be reached, and how they wish to be.

namespace rappel::profile {

/// One address of one channel. `usable` turns false when a provider says that it is bad.
struct ContactPoint {
  Channel channel = Channel::email;
  std::string address;  ///< e-mail address, or a phone number as E.164
  bool usable = true;
  bool operator==(const ContactPoint&) const = default;
};

/// Local minutes since midnight; may pass over midnight (20:00 to 08:00).
struct QuietHours {
  std::chrono::minutes from{};
  std::chrono::minutes to{};
  bool operator==(const QuietHours&) const = default;
};

struct Preferences {
  std::vector<Channel> channels;  ///< in the citizen's order; empty: no wish was said
  std::optional<QuietHours> quiet_hours;
  Language language = Language::fr;
  ReadingLevel reading_level = ReadingLevel::standard;
  bool large_print = false;
  std::set<std::string> muted_topics;
  std::optional<CivilDate> paused_until;
  bool operator==(const Preferences&) const = default;
};

/// A time without messages, but for those that the law makes us send: of one topic, or of all.
struct Pause {
  std::string topic;  ///< empty: every topic
  CivilDate until{};  ///< the first day with messages again
  bool by_caseworker = false;
  std::string reason;  ///< in words; a caseworker always gives one
  bool operator==(const Pause&) const = default;
};

struct Address {
  std::vector<std::string> lines;
  std::string postcode;
  std::string city;
  std::string insee;  ///< commune code: "75056", "2A004", "97105"; empty when unknown
  bool operator==(const Address&) const = default;
};

/// The person of the administration who knows this citizen.
struct HumanContact {
  std::string name, phone, email, hours;
  bool operator==(const HumanContact&) const = default;
};

}  // namespace rappel::profile
