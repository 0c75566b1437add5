// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include "dispatch/stages.hpp"

namespace rappel::dispatch {

/// What a message is made of: the reminder's own values, and the standard ones as they stand at the
/// moment of sending.
message::Request message_request(const message::Catalogue& messages, const Parcel& parcel,
                                 Instant now);

/// Why this channel, in French and English, for the delivery's record.
boost::json::object explain_channel(const Parcel& parcel);

}  // namespace rappel::dispatch
