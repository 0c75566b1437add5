// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "base/instant.hpp"
#include "profile/channel.hpp"

namespace rappel::notify {

/// What became of a message; the same words and numbers as in rappel/plugin.h, where each is
/// explained.
enum class ResultClass : std::uint8_t {
  accepted,
  delivered,
  try_later,
  throttled,
  bad_address,
  rejected,
  provider_down,
  unknown
};

std::string_view to_string(ResultClass result);
std::optional<ResultClass> parse_result_class(std::string_view text);

/// One message, rendered and addressed, on its way to a notifier. Holds personal facts: never
/// logged.
struct OutgoingMessage {
  DeliveryId delivery;
  std::uint32_t attempt = 1;
  std::string idempotency_key;  ///< the same for every attempt
  Channel channel = Channel::email;
  std::string to;
  std::string to_name;
  std::string from_name;
  std::string language;
  std::string subject;
  std::string text;
  std::string html;          ///< empty: none
  std::string private_body;  ///< for the inbox alone; empty: none
  std::vector<std::pair<std::string, std::string>> headers;
  std::uint32_t sms_segments = 0;
  Instant composed_at{};  ///< when it was rendered; the Date of an email
  std::optional<Instant> expires_at;

  bool operator==(const OutgoingMessage&) const = default;
};

/// The answer to one message (or one query: `attempt` is then the one asked about).
struct SendResult {
  DeliveryId delivery;
  std::uint32_t attempt = 1;
  ResultClass result = ResultClass::unknown;
  std::string provider_id;
  std::optional<std::chrono::seconds> retry_after;
  std::string detail;  ///< short, for an operator; never an address, content or a secret

  bool operator==(const SendResult&) const = default;
};

/// "What became of this one?", for a delivery whose outcome is unknown.
struct StatusQuery {
  DeliveryId delivery;
  std::uint32_t attempt = 1;
  std::string idempotency_key;
  std::string provider_id;

  bool operator==(const StatusQuery&) const = default;
};

}  // namespace rappel::notify
