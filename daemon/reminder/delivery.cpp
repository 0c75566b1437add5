// SPDX-License-Identifier: Apache-2.0
#include "reminder/delivery.hpp"

#include <fmt/format.h>

namespace rappel {

DeliveryId delivery_id_of(ReminderId reminder, std::uint32_t channel_index) {
  return DeliveryId::derived(reminder.shard(),
                             fmt::format("delivery\x1f{}\x1f{}", reminder.to_string(), channel_index));
}

std::string idempotency_key_of(ReminderId reminder, std::uint32_t channel_index) {
  return fmt::format("{}-{}", reminder.to_string(), channel_index);
}

}  // namespace rappel
