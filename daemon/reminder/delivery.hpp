// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "base/id.hpp"
#include "base/instant.hpp"
#include "profile/channel.hpp"
#include "reminder/states.hpp"

namespace rappel {

/// One attempt series of one reminder through one notifier.
struct Delivery {
  DeliveryId id;  ///< derived from the reminder and the number of its attempt series
  ReminderId reminder;
  CitizenId citizen;
  Instant due_at{};  ///< the reminder's, which names the partition
  std::string notifier;
  Channel channel = Channel::email;
  DeliveryState state = DeliveryState::in_flight;
  std::uint32_t attempt = 0;
  std::string idempotency_key;  ///< the same for every attempt of the series
  std::string provider_id;      ///< the provider's own name for it
  std::string result;           ///< last result class, "accepted", "try_later", …
  std::string detail;           ///< the provider's short answer; never content or address
  std::string language;
  std::string template_version;
  std::uint32_t sms_segments = 0;
  Instant started_at{};
  std::optional<Instant> finished_at;
  /// Sealed: {to, subject, why: {…}}: the address used and the explanation of channel and hour.
  boost::json::object record;
};

/// A message in the citizen's inbox. Title and bodies are sealed.
struct InboxMessage {
  MessageId id;
  CitizenId citizen;
  ReminderId reminder;
  Instant stored_at{};
  std::optional<Instant> read_at;
  std::string language;
  std::string title;
  std::string body;
  std::string private_body;
};

/// The key every attempt of one delivery carries, also the left part of an e-mail's Message-ID.
/// `channel_index` counts the ways tried: it names a series, not a place in anybody's preferences.
std::string idempotency_key_of(ReminderId reminder, std::uint32_t channel_index);
DeliveryId delivery_id_of(ReminderId reminder, std::uint32_t channel_index);

}  // namespace rappel
