// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <vector>

#include "message/explanation_page.hpp"
#include "rules/rule_book.hpp"
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
/// Who helps this person: their own contact in the administration, else the tenant's.
message::HumanHelp human_for(const profile::Profile& profile, const store::Tenant& tenant);
/// What the rules say without a deadline.
boost::json::array notes_of(const rules::Evaluation& evaluation);
/// What a caseworker should know at once, rather than when it is too late to send: whether this person can be
/// reached by the channels of these reminders.
boost::json::array channel_notes(const profile::Profile& profile,
                                 const std::vector<Reminder>& reminders);

}  // namespace rappel::planner
