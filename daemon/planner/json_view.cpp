// SPDX-License-Identifier: Apache-2.0
#include "planner/json_view.hpp"

#include <algorithm>

#include "profile/profile.hpp"

namespace rappel::planner {
namespace {

boost::json::value or_null(const std::optional<CivilDate>& date) {
  if (!date) return nullptr;
  return boost::json::value(to_iso(*date));
}

boost::json::value or_null(const std::optional<Instant>& instant) {
  if (!instant) return nullptr;
  return boost::json::value(to_rfc3339(*instant));
}

}  // namespace

boost::json::object view(const Event& event) {
  return {{"id", event.id.to_string()},
          {"type", event.type},
          {"occurred_at", to_rfc3339(event.occurred_at)},
          {"recorded_at", to_rfc3339(event.recorded_at)},
          {"source", event.source},
          {"version", event.version},
          {"data", event.data}};
}

boost::json::object view(const Deadline& deadline) {
  return {{"id", deadline.id.to_string()},
          {"rule", deadline.rule},
          {"rule_version", deadline.rule_version},
          {"subject", deadline.subject},
          {"occurrence", deadline.occurrence},
          {"opens_on", or_null(deadline.opens_on)},
          {"due_on", to_iso(deadline.due_on)},
          {"safe_on", or_null(deadline.safe_on)},
          {"state", to_string(deadline.state)},
          {"statutory", deadline.statutory},
          {"topic", deadline.topic},
          {"explanation", deadline.explanation}};
}

boost::json::object view(const Reminder& reminder) {
  boost::json::array channels;
  for (const auto channel : reminder.channels) channels.emplace_back(to_string(channel));
  return {{"id", reminder.id.to_string()},
          {"deadline", reminder.deadline ? boost::json::value(reminder.deadline->to_string())
                                         : boost::json::value(nullptr)},
          {"stage", reminder.stage},
          {"template", reminder.message},
          {"topic", reminder.topic},
          {"lane", to_string(reminder.lane)},
          {"statutory", reminder.statutory},
          {"due_at", to_rfc3339(reminder.due_at)},
          {"next_at", to_rfc3339(reminder.next_at)},
          {"expires_at", or_null(reminder.expires_at)},
          {"due_on", or_null(reminder.due_on)},
          {"channels", std::move(channels)},
          {"state", to_string(reminder.state)},
          {"reason", reminder.state_reason},
          {"attempt", reminder.attempt},
          {"values", reminder.values}};
}

boost::json::object view(const Delivery& delivery) {
  return {{"id", delivery.id.to_string()},
          {"reminder", delivery.reminder.to_string()},
          {"notifier", delivery.notifier},
          {"channel", to_string(delivery.channel)},
          {"state", to_string(delivery.state)},
          {"attempt", delivery.attempt},
          {"idempotency_key", delivery.idempotency_key},
          {"provider_id", delivery.provider_id},
          {"result", delivery.result},
          {"detail", delivery.detail},
          {"language", delivery.language},
          {"template_version", delivery.template_version},
          {"sms_segments", delivery.sms_segments},
          {"started_at", to_rfc3339(delivery.started_at)},
          {"finished_at", or_null(delivery.finished_at)},
          {"record", delivery.record}};
}

boost::json::object view(const InboxMessage& message) {
  return {{"id", message.id.to_string()},     {"reminder", message.reminder.to_string()},
          {"stored_at", to_rfc3339(message.stored_at)}, {"read_at", or_null(message.read_at)},
          {"language", message.language},     {"title", message.title},
          {"body", message.body},             {"private_body", message.private_body}};
}

boost::json::object view(const Task& task) {
  return {{"id", task.id.to_string()},
          {"citizen", task.citizen.to_string()},
          {"reminder", task.reminder ? boost::json::value(task.reminder->to_string())
                                     : boost::json::value(nullptr)},
          {"kind", task.kind},
          {"reason", task.reason},
          {"urgency", task.urgency},
          {"state", to_string(task.state)},
          {"created_at", to_rfc3339(task.created_at)},
          {"due_on", or_null(task.due_on)},
          {"detail", task.detail}};
}

boost::json::object view(const store::Citizen& citizen) {
  return {{"id", citizen.id.to_string()},
          {"reference", citizen.reference},
          {"version", citizen.version},
          {"profile", citizen.profile}};
}

message::HumanHelp human_for(const profile::Profile& profile, const store::Tenant& tenant) {
  const auto& own = profile.human_contact;
  return {own && !own->name.empty() ? own->name : tenant.human_name,
          own && !own->phone.empty() ? own->phone : tenant.human_phone};
}

boost::json::array notes_of(const rules::Evaluation& evaluation) {
  boost::json::array notes;
  for (const auto& note : evaluation.notes) {
    boost::json::object item{{"rule", note.rule}, {"text", {{"fr", note.fr}, {"en", note.en}}}};
    if (note.check_on) item["check_on"] = to_iso(*note.check_on);
    notes.push_back(std::move(item));
  }
  return notes;
}

boost::json::array channel_notes(const profile::Profile& profile,
                                 const std::vector<Reminder>& reminders) {
  if (reminders.empty() || reminders.front().channels.empty()) return {};
  const auto reachable = [&](Channel channel) {
    return channel == Channel::inapp ||
           std::any_of(profile.contacts.begin(), profile.contacts.end(), [&](const auto& contact) {
             return contact.channel == channel && contact.usable;
           });
  };
  const auto& channels = reminders.front().channels;
  if (std::any_of(channels.begin(), channels.end(), reachable)) return {};
  return {{{"code", "no_usable_channel"},
           {"text",
            {{"fr", "Cette personne n'a pas d'adresse utilisable pour ces canaux : sans elle, un agent sera prévenu."},
             {"en", "This person has no usable address for these channels: without one, a human will be told."}}}}};
}

}  // namespace rappel::planner
