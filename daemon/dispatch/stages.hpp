// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dispatch/courtesy.hpp"
#include "message/catalogue.hpp"
#include "profile/profile.hpp"
#include "rules/rule_book.hpp"
#include "store/store.hpp"

// The send path is this list of stages and nothing else; a new concern is a new stage. A stage looks
// at one claimed reminder and either lets it go on or ends its road with a settlement (a
// reason is always recorded). Pure: `now` is an argument, no I/O. Any thread.

namespace rappel::dispatch {

/// Which notifier serves a channel.
struct Route {
  std::string notifier;
  Channel channel = Channel::email;
  /// The provider recognises the idempotency key, or a second copy replaces the first: an unknown
  /// outcome may be settled by sending again under the same key.
  bool repeatable = false;
  /// The provider can be asked what became of a message.
  bool can_query = false;
  /// Its sender was there when the batch was taken.
  bool ready = true;
};

/// What is done next with a reminder.
struct Course {
  const Route* route = nullptr;  ///< none: no way is left
  std::string address;
  std::uint32_t series = 0;         ///< the attempt series it belongs to
  const Delivery* begun = nullptr;  ///< of that series, when it goes on; in ClaimedReminder::series
  bool ask_only = false;  ///< nothing is sent: the provider is asked what became of it
  bool more = false;      ///< another way is open besides this one
};

/// One claimed reminder on its way to a message.
struct Parcel {
  store::ClaimedReminder claimed;
  profile::Profile profile;
  store::Tenant tenant;
  // Set by `choose`:
  Course course;
  boost::json::object why_channel;
  // Set by `quiet_hours`, when it leaves in one all the same:
  boost::json::object why_hour;
  // Set by `render`:
  message::Rendered rendered;
};

struct Context {
  Instant now{};
  const message::Catalogue& messages;
  std::span<const Route> routes;
  const Manners& manners;
  const rules::RuleBook* rules = nullptr;  ///< null: classes by lane, no public holidays
};

/// Nothing: go on to the next stage.
using Verdict = std::optional<store::Settlement>;

struct Stage {
  std::string_view name;
  Verdict (*run)(const Context&, Parcel&);
};

/// still_valid → consent → choose → silence → cap → quiet_hours → digest → render. The last two of the
/// path, send and record, are the dispatcher's: they wait for the outside.
std::span<const Stage> stages();

/// Runs the stages in order until one ends the road.
Verdict run_stages(const Context& context, Parcel& parcel);

/// A settlement of this parcel's reminder, to be completed by whoever ends its road.
store::Settlement settle(const Parcel& parcel, ReminderState to, std::string reason);
/// The same, with a task that tells a human.
store::Settlement hand_to_human(const Parcel& parcel, ReminderState to, std::string reason,
                                Instant now);

}  // namespace rappel::dispatch
