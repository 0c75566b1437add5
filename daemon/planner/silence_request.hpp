// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>

#include "base/problem.hpp"
#include "reminder/silence.hpp"

namespace rappel::planner {

/// How long a silence may last, and how far ahead it may begin.
inline constexpr std::chrono::days silence_days_max{92};
inline constexpr std::chrono::days silence_ahead_max{366};

/// A silence as a person asks for it.
struct SilenceRequest {
  Silence silence;
  /// How many reminders its author saw in the preview: with more, it is not set.
  std::int64_t expected = 0;
};

/// Setting one needs its author, a comment and what the preview said; the preview itself needs none.
enum class SilenceUse { preview, set };

/// {"matcher": {"rule", "notifier", "departement"}, "starts_at", "ends_at", "author", "comment",
/// "expected"}: the matcher's members may be left out, starts_at is now when it is. Pure.
Expected<SilenceRequest> read_silence_request(const boost::json::object& body, TenantId tenant,
                                              Instant now, SilenceUse use);

/// What is wrong with a silence's words and times: the same for the API and the command line.
Expected<void> check_silence(const Silence& silence, Instant now);

boost::json::object view(const Silence& silence);

}  // namespace rappel::planner
