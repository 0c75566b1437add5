// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dispatch/stages.hpp"
#include "reminder/silence.hpp"

// The stages that keep a message from leaving now: a silence, a cap, a quiet hour. What is still of use
// later is put off; what is not is suppressed with the reason, goes all the same, or becomes a human's
// work, by how much the law wants it (docs/STATE_MACHINES.md). Pure.

namespace rappel::dispatch {

Verdict silence(const Context& context, Parcel& parcel);
Verdict cap(const Context& context, Parcel& parcel);
Verdict quiet_hours(const Context& context, Parcel& parcel);

/// Which cap a message counts against: as its rule says; of a caseworker's own, by its lane.
rules::CapClass cap_class_of(const rules::RuleBook* book, bool statutory, Lane lane,
                             const std::string& rule);
/// What silences may match of a parcel whose way is chosen.
SilenceSubject silence_subject_of(const Parcel& parcel);
/// When a reminder has lost its sense; nothing: never.
std::optional<Instant> useful_until(const Parcel& parcel);
/// Not now: looked at again at `until`.
store::Settlement postpone(const Parcel& parcel, Instant until, std::string reason);

/// A reminder whose policy is `skip` and that is later than this is not sent any more.
inline constexpr std::chrono::hours misfire_grace{6};

}  // namespace rappel::dispatch
