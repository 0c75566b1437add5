// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <string_view>

#include "base/problem.hpp"
#include "profile/shape.hpp"

// The words of an event and of a citizen's record: one table, from which input is checked and the
// page of the vocabulary is written. Pure; any thread.

namespace rappel::profile {

/// A kind of event and the shape of its data.
struct EventType {
  std::string_view name;  ///< "identity_document.issued"
  const Shape* data;
  std::string_view doc;
  bool ours = false;  ///< recorded by the daemon itself; refused from outside
  bool life = false;  ///< a life event: kept as a happening, to which rules may be applied
};

std::span<const EventType> event_types();
const EventType* find_event_type(std::string_view name);
/// The shape of PUT /v1/citizens/{ref}, and of the data of citizen.updated.
const Shape& citizen_shape();

/// The data with its texts normalised, or the first thing wrong with it: `where` is a JSON pointer
/// into the data. An unknown type is refused as "unknown_event_type" with the nearest known one,
/// a type that only the daemon records as "reserved_event_type". `country` is the tenant's: it says how
/// a phone number without a country's code is read.
Expected<boost::json::object> check_event(std::string_view type, const boost::json::object& data,
                                          std::string_view country = "fr");

/// The same for the body that creates or updates a citizen. A member set to null removes the fact.
Expected<boost::json::object> check_citizen_update(const boost::json::object& body,
                                                   std::string_view country = "fr");

/// Refuses an address that its channel cannot use; gives the normalised form back (a phone number
/// as E.164, an e-mail address with its domain in lower case).
Expected<std::string> check_address(std::string_view channel, std::string_view address,
                                    std::string_view country = "fr");

}  // namespace rappel::profile
