// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>

#include "base/id.hpp"
#include "base/instant.hpp"

namespace rappel {

/// Something that happened to a citizen. Append-only.
struct Event {
  EventId id;
  CitizenId citizen;
  std::string type;       ///< "identity_document.issued"; profile/vocabulary lists them all
  Instant occurred_at{};  ///< when it happened in the world
  Instant recorded_at{};  ///< when we were told
  std::string source;     ///< who said so: "api:<key id>", "rappeld", "citizen"
  boost::json::object data;     ///< typed by the event type; personal, sealed before it reaches SQL
  std::uint64_t position = 0;   ///< gapless within the shard, from 1; 0 = not stored yet
  std::uint32_t version = 0;    ///< 1 for the citizen's first event, and so on
};

}  // namespace rappel
