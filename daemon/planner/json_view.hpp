// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include "store/store.hpp"

namespace rappel::planner {

/// The public JSON form of each noun: the words of the API and of `rappelctl --json`.
boost::json::object view(const Event& event);
boost::json::object view(const Deadline& deadline);
boost::json::object view(const Reminder& reminder);
boost::json::object view(const Delivery& delivery);
boost::json::object view(const InboxMessage& message);
boost::json::object view(const Task& task);
boost::json::object view(const store::Citizen& citizen);

}  // namespace rappel::planner
