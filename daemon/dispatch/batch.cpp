// SPDX-License-Identifier: Apache-2.0
#include "dispatch/batch.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "base/log.hpp"
#include "dispatch/restraint.hpp"

namespace rappel::dispatch {
namespace {

/// The explanation kept with the delivery: why this message, and why this way and hour.
boost::json::object why(const Parcel& parcel) {
  boost::json::object why;
  if (parcel.claimed.deadline) why["deadline"] = parcel.claimed.deadline->explanation;
  why["channel"] = parcel.why_channel;
  if (!parcel.why_hour.empty()) why["hour"] = parcel.why_hour;
  why["stage"] = parcel.claimed.reminder.stage;
  why["due_at"] = to_rfc3339(parcel.claimed.reminder.due_at);
  return why;
}

Delivery delivery_of(const Parcel& parcel, Instant now) {
  const Reminder& reminder = parcel.claimed.reminder;
  Delivery delivery;
  if (parcel.course.ask_only) {
    // Only asked about: it keeps saying what was sent.
    delivery = *parcel.course.begun;
    delivery.attempt = reminder.attempt;
    return delivery;
  }
  if (parcel.course.begun != nullptr) delivery.provider_id = parcel.course.begun->provider_id;
  delivery.id = delivery_id_of(reminder.id, parcel.course.series);
  delivery.reminder = reminder.id;
  delivery.citizen = reminder.citizen;
  delivery.due_at = reminder.due_at;
  delivery.notifier = parcel.course.route->notifier;
  delivery.channel = parcel.course.route->channel;
  delivery.attempt = reminder.attempt;
  delivery.idempotency_key = idempotency_key_of(reminder.id, parcel.course.series);
  delivery.language = to_string(parcel.rendered.language);
  delivery.template_version = parcel.rendered.template_version;
  delivery.sms_segments = std::uint32_t(parcel.rendered.segments);
  delivery.started_at = now;
  delivery.record["to"] = parcel.course.address;
  delivery.record["subject"] = parcel.rendered.subject;
  delivery.record["text"] = parcel.rendered.text;
  delivery.record["why"] = why(parcel);
  return delivery;
}

notify::OutgoingMessage message_of(const Parcel& parcel, const Delivery& delivery, Instant now) {
  notify::OutgoingMessage message;
  message.delivery = delivery.id;
  message.attempt = delivery.attempt;
  message.idempotency_key = delivery.idempotency_key;
  message.channel = delivery.channel;
  message.to = parcel.course.address;
  message.to_name = parcel.profile.given_name + " " + parcel.profile.family_name;
  message.from_name = parcel.tenant.name;
  message.language = delivery.language;
  message.subject = parcel.rendered.subject;
  message.text = parcel.rendered.text;
  message.html = parcel.rendered.html;
  message.private_body = parcel.rendered.private_body;
  message.sms_segments = delivery.sms_segments;
  message.composed_at = now;
  message.expires_at = parcel.claimed.reminder.expires_at;
  return message;
}

InboxMessage inbox_of(const Parcel& parcel, const Delivery& delivery, Instant now) {
  InboxMessage inbox;
  inbox.id = MessageId::derived(delivery.id.shard(), "inbox/" + delivery.id.to_string());
  inbox.citizen = delivery.citizen;
  inbox.reminder = delivery.reminder;
  inbox.stored_at = now;
  inbox.language = delivery.language;
  inbox.title = parcel.rendered.subject;
  inbox.body = parcel.rendered.text;
  inbox.private_body = parcel.rendered.private_body;
  return inbox;
}

Departure departure_of(Parcel& parcel, Instant now) {
  Departure departure;
  departure.flying.tenant = parcel.claimed.tenant;
  departure.flying.delivery = delivery_of(parcel, now);
  departure.flying.reminder = parcel.claimed.reminder;
  departure.flying.reminder.channel_index = parcel.course.series;
  departure.flying.more_channels = parcel.course.more;
  departure.flying.outcome_unknown = parcel.claimed.outcome_unknown;
  // Another way than before: its provider has not been tried yet.
  if (parcel.course.series != parcel.claimed.reminder.channel_index)
    departure.flying.reminder.tries = 0;
  departure.notifier = parcel.course.route->notifier;
  departure.citizen_version = parcel.claimed.citizen.version;
  departure.silenced_by = silence_subject_of(parcel);
  departure.message = message_of(parcel, departure.flying.delivery, now);
  departure.flying.ask_only = parcel.course.ask_only;
  if (parcel.course.route->channel == Channel::inapp)
    departure.flying.inbox = inbox_of(parcel, departure.flying.delivery, now);
  return departure;
}

/// Runs the stages; what cannot even be read is a human's work and must not hold up its neighbours.
Verdict judge(const Context& context, Parcel& parcel) {
  if (!parcel.claimed.readable)
    return hand_to_human(parcel, ReminderState::dead, "cannot_be_opened", context.now);
  try {
    parcel.profile = profile::profile_from_json(parcel.claimed.citizen.profile, parcel.tenant.zone);
    return run_stages(context, parcel);
  } catch (const std::exception& e) {
    log::error("RPL-0406", "reminder {} cannot be prepared, a human is told: {}",
               parcel.claimed.reminder.id.to_string(), e.what());
    return hand_to_human(parcel, ReminderState::dead, "cannot_be_prepared", context.now);
  }
}

/// Parts what has room to leave from what must wait.
void part(Prepared& prepared, std::map<std::string, std::size_t> room) {
  auto leaving = std::stable_partition(
      prepared.departures.begin(), prepared.departures.end(), [&](const Departure& departure) {
        auto& left = room[departure.notifier];
        if (left == 0) return false;
        --left;
        return true;
      });
  prepared.waiting.assign(std::make_move_iterator(leaving),
                          std::make_move_iterator(prepared.departures.end()));
  prepared.departures.erase(leaving, prepared.departures.end());
}

std::vector<store::Flight> flights_of(const std::vector<Departure>& departures) {
  std::vector<store::Flight> flights;
  flights.reserve(departures.size());
  for (const auto& departure : departures) {
    flights.push_back({departure.flying.tenant, departure.flying.delivery,
                       departure.flying.reminder.attempt,
                       departure.flying.reminder.channel_index});
  }
  return flights;
}

void keep_only(std::vector<Departure>& departures, std::span<const ReminderId> allowed) {
  const std::unordered_set<ReminderId> may_leave(allowed.begin(), allowed.end());
  std::erase_if(departures, [&](const Departure& departure) {
    return !may_leave.contains(departure.flying.reminder.id);
  });
}

/// Messages that a batch sends to each citizen: the caps of those that follow in it count them.
class Leaving {
 public:
  void tell(store::ClaimedReminder& claimed) const {
    const auto known = messages_.find(claimed.reminder.citizen);
    if (known == messages_.end()) return;
    claimed.recent.insert(claimed.recent.end(), known->second.begin(), known->second.end());
  }
  void add(const Parcel& parcel, Instant now) {
    const Reminder& reminder = parcel.claimed.reminder;
    const auto& deadline = parcel.claimed.deadline;
    messages_[reminder.citizen].push_back({reminder.id, reminder.statutory, reminder.lane,
                                           deadline ? deadline->rule : std::string(), now});
  }

 private:
  std::map<CitizenId, std::vector<store::RecentMessage>> messages_;
};

}  // namespace

store::Settlement release_of(const Departure& departure, Instant now) {
  const auto& flying = departure.flying;
  store::Settlement settlement;
  settlement.tenant = flying.tenant;
  settlement.reminder = flying.reminder.id;
  settlement.due_at = flying.reminder.due_at;
  settlement.attempt = flying.reminder.attempt;
  settlement.channel_index = flying.reminder.channel_index;
  settlement.tries = flying.reminder.tries;
  settlement.to = flying.outcome_unknown ? ReminderState::unknown : ReminderState::planned;
  settlement.next_at = now;
  return settlement;
}

Prepared begin_departures(store::Store& store, const store::Lease& fence,
                          std::vector<Departure> departures, Instant now) {
  Prepared prepared;
  if (departures.empty()) return prepared;
  const auto silences = store.silences_at(now);
  std::vector<store::Settlement> back;
  const auto silenced = [&](const Departure& departure) {
    return !departure.flying.ask_only &&
           std::any_of(silences.begin(), silences.end(), [&](const Silence& silence) {
             return silence.tenant == departure.flying.tenant &&
                    matches(silence, departure.silenced_by);
           });
  };
  std::unordered_set<ReminderId> leaving;
  std::vector<Departure> wanted;
  for (auto& departure : departures) {
    back.push_back(release_of(departure, now));
    if (!silenced(departure)) wanted.push_back(std::move(departure));
  }
  auto flights = flights_of(wanted);
  for (std::size_t i = 0; i < flights.size(); ++i)
    flights[i].citizen_version = wanted[i].citizen_version;
  const auto allowed = store.begin_flight(fence, flights, now);
  leaving.insert(allowed.begin(), allowed.end());
  prepared.departures = std::move(wanted);
  keep_only(prepared.departures, allowed);
  // What may not leave as it was decided is decided anew; what was cancelled meanwhile is nobody's.
  std::erase_if(back, [&](const auto& each) { return leaving.contains(each.reminder); });
  if (back.empty()) return prepared;
  const auto given_back = store.settle(fence, back, now);
  const std::unordered_set<ReminderId> again(given_back.begin(), given_back.end());
  for (auto& settlement : back) {
    if (again.contains(settlement.reminder)) prepared.settled.push_back(std::move(settlement));
  }
  return prepared;
}

Prepared prepare_batch(store::Store& store, store::Tenants& tenants,
                       const message::Catalogue& messages, const BatchInput& input) {
  Prepared prepared;
  static const Manners no_manners{};
  const Context context{input.now, messages, input.routes,
                        input.manners ? *input.manners : no_manners, input.rules.get()};
  const auto leaving = store.take(
      input.fence, input.ids, input.now, [&](std::vector<store::ClaimedReminder> batch) {
        prepared = {};
        Leaving told;
        for (auto& claimed : batch) {
          told.tell(claimed);
          Parcel parcel;
          const auto tenant = tenants.find(claimed.tenant);
          if (!tenant)
            throw store::StoreUnavailable("a reminder's tenant is missing: " +
                                          claimed.tenant.to_string());
          parcel.tenant = *tenant;
          parcel.claimed = std::move(claimed);
          if (auto verdict = judge(context, parcel)) {
            prepared.settled.push_back(std::move(*verdict));
          } else {
            prepared.departures.push_back(departure_of(parcel, input.now));
            told.add(parcel, input.now);
          }
        }
        part(prepared, input.room);
        return store::Store::Decision{flights_of(prepared.departures), prepared.settled};
      });
  keep_only(prepared.departures, leaving);
  return prepared;
}

}  // namespace rappel::dispatch
