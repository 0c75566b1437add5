// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/rows.hpp"

#include <boost/json/value.hpp>

namespace rappel::store::postgres {
namespace {

constexpr std::string_view empty_bytea = "\\x";

[[noreturn]] void unreadable(const pqxx::field& field) {
  throw StoreUnavailable(std::string("a column cannot be read: ") + field.name());
}

template <typename T>
T checked(const std::optional<T>& value, const pqxx::field& field) {
  if (!value) unreadable(field);
  return *value;
}

std::string_view text_of(const pqxx::field& field) { return {field.c_str(), field.size()}; }

CivilDate date_of(const pqxx::field& field) {
  return checked(parse_iso_date(text_of(field)), field);
}

std::optional<CivilDate> optional_date(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return date_of(field);
}

std::uint32_t number_of(const pqxx::field& field) { return field.as<std::uint32_t>(); }

std::vector<Channel> channels_of(const pqxx::field& field) {
  std::vector<Channel> channels;
  std::string_view rest = text_of(field);
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    channels.push_back(checked(parse_channel(rest.substr(0, comma)), field));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return channels;
}

boost::json::value value_of(const std::optional<CivilDate>& date) {
  if (!date) return nullptr;
  return boost::json::value(to_iso(*date));
}

template <typename Tag>
boost::json::value value_of(const std::optional<Id<Tag>>& id) {
  if (!id) return nullptr;
  return boost::json::value(id->to_string());
}

}  // namespace

std::string channel_list(const std::vector<Channel>& channels) {
  std::string list;
  for (const auto channel : channels) {
    if (!list.empty()) list += ',';
    list += to_string(channel);
  }
  return list;
}

boost::json::value value_of(const std::optional<Instant>& instant) {
  if (!instant) return nullptr;
  return boost::json::value(to_rfc3339(*instant));
}

/// "2026-11-24 08:00:00.5+00", as the session's settings make it.
Instant instant_of(const pqxx::field& field) {
  std::string text(text_of(field));
  if (text.size() > 13 && text[10] == ' ' && text.ends_with("+00")) {
    text[10] = 'T';
    text.replace(text.size() - 3, 3, "Z");
  }
  return checked(parse_rfc3339(text), field);
}

std::optional<Instant> optional_instant(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return instant_of(field);
}

IdBytes id_bytes(const pqxx::field& field) { return checked(parse_uuid(text_of(field)), field); }

Tenant read_tenant(const pqxx::row& row) {
  return {id_of<TenantId>(row["id"]), row["slug"].c_str(),    row["name"].c_str(),
          row["human_name"].c_str(),  row["human_phone"].c_str(), row["country"].c_str(),
          row["zone"].c_str()};
}

ApiKey read_key(const pqxx::row& row) {
  return {row["id"].c_str(),
          id_of<TenantId>(row["tenant"]),
          row["label"].c_str(),
          row["kind"].c_str(),
          row["secret_hash"].c_str(),
          instant_of(row["created_at"]),
          optional_instant(row["expires_at"]),
          optional_instant(row["revoked_at"])};
}

Citizen read_citizen(const Sealer& sealer, const Whose& whose, const pqxx::row& row,
                     const std::string& prefix) {
  Citizen citizen;
  citizen.id = whose.citizen;
  citizen.tenant = whose.tenant;
  const auto id = whose.citizen.to_string();
  citizen.reference = sealer.open(whose, "citizen.reference", id, row[prefix + "reference"]);
  citizen.profile = sealer.open_object(whose, "citizen.profile", id, row[prefix + "profile"]);
  citizen.version = number_of(row[prefix + "version"]);
  citizen.reevaluate_at = optional_instant(row[prefix + "reevaluate_at"]);
  citizen.rulebook = row[prefix + "rulebook"].c_str();
  return citizen;
}

/// Empty when unknown. It only saves work: one that does not open is made anew.
static std::string read_evaluation(const Sealer& sealer, const Whose& whose,
                                   const pqxx::field& sealed) {
  if (sealed.is_null()) return {};
  try {
    return sealer.open(whose, "citizen.evaluation", whose.citizen.to_string(), sealed);
  } catch (const Damaged&) {
    return {};
  }
}

std::vector<Citizen> read_citizens(Sealer& sealer, TenantId tenant, const pqxx::result& rows) {
  std::vector<Citizen> citizens;
  for (const auto& row : rows) {
    const Whose whose{tenant, id_of<CitizenId>(row["id"])};
    sealer.learn(whose, row["wrapped"]);
    citizens.push_back(read_citizen(sealer, whose, row));
    citizens.back().evaluation = read_evaluation(sealer, whose, row["evaluation"]);
  }
  return citizens;
}

Event read_event(const Sealer& sealer, TenantId tenant, const pqxx::row& row) {
  Event event;
  event.id = id_of<EventId>(row["id"]);
  event.citizen = id_of<CitizenId>(row["citizen"]);
  event.type = row["type"].c_str();
  event.occurred_at = instant_of(row["occurred_at"]);
  event.recorded_at = instant_of(row["recorded_at"]);
  event.source = row["source"].c_str();
  event.position = row["position"].as<std::uint64_t>();
  event.version = number_of(row["version"]);
  event.data = sealer.open_object({tenant, event.citizen}, "event.data", row["id"].c_str(),
                                  row["data"]);
  return event;
}

Deadline read_deadline(const Sealer& sealer, const Whose& whose, const pqxx::row& row,
                       const std::string& prefix) {
  const auto column = [&](const char* name) { return row[prefix + name]; };
  Deadline deadline;
  deadline.id = id_of<DeadlineId>(column("id"));
  deadline.citizen = whose.citizen;
  deadline.rule = column("rule").c_str();
  deadline.rule_version = column("rule_version").as<int>();
  deadline.subject = column("subject").c_str();
  deadline.occurrence = column("occurrence").c_str();
  deadline.opens_on = optional_date(column("opens_on"));
  deadline.due_on = date_of(column("due_on"));
  deadline.safe_on = optional_date(column("safe_on"));
  deadline.state = checked(parse_deadline_state(column("state").c_str()), column("state"));
  deadline.statutory = column("statutory").as<bool>();
  deadline.topic = column("topic").c_str();
  deadline.explanation = sealer.open_object(whose, "deadline.explanation", column("id").c_str(),
                                            column("explanation"));
  return deadline;
}

Reminder read_clear_reminder(const pqxx::row& row) {
  Reminder reminder;
  reminder.id = id_of<ReminderId>(row["id"]);
  reminder.citizen = id_of<CitizenId>(row["citizen"]);
  if (!row["deadline"].is_null()) reminder.deadline = id_of<DeadlineId>(row["deadline"]);
  reminder.stage = row["stage"].c_str();
  reminder.message = row["message"].c_str();
  reminder.topic = row["topic"].c_str();
  reminder.lane = checked(parse_lane(row["lane"].c_str()), row["lane"]);
  reminder.statutory = row["statutory"].as<bool>();
  reminder.misfire = checked(parse_misfire(row["misfire"].c_str()), row["misfire"]);
  reminder.due_at = instant_of(row["due_at"]);
  reminder.next_at = instant_of(row["next_at"]);
  reminder.expires_at = optional_instant(row["expires_at"]);
  reminder.due_on = optional_date(row["due_on"]);
  reminder.channels = channels_of(row["channels"]);
  reminder.state = checked(parse_reminder_state(row["state"].c_str()), row["state"]);
  reminder.state_reason = row["state_reason"].c_str();
  reminder.attempt = number_of(row["attempt"]);
  reminder.channel_index = number_of(row["channel_index"]);
  reminder.tries = number_of(row["tries"]);
  return reminder;
}

Reminder read_reminder(const Sealer& sealer, TenantId tenant, const pqxx::row& row) {
  Reminder reminder = read_clear_reminder(row);
  reminder.values = sealer.open_object({tenant, reminder.citizen}, "reminder.values",
                                       row["id"].c_str(), row["values"]);
  return reminder;
}

Delivery read_delivery(const Sealer& sealer, TenantId tenant, const pqxx::row& row) {
  Delivery delivery;
  delivery.id = id_of<DeliveryId>(row["id"]);
  delivery.reminder = id_of<ReminderId>(row["reminder"]);
  delivery.citizen = id_of<CitizenId>(row["citizen"]);
  delivery.due_at = instant_of(row["due_at"]);
  delivery.notifier = row["notifier"].c_str();
  delivery.channel = checked(parse_channel(row["channel"].c_str()), row["channel"]);
  delivery.state = checked(parse_delivery_state(row["state"].c_str()), row["state"]);
  delivery.attempt = number_of(row["attempt"]);
  delivery.idempotency_key = row["idempotency_key"].c_str();
  delivery.provider_id = row["provider_id"].c_str();
  delivery.result = row["result"].c_str();
  delivery.detail = row["detail"].c_str();
  delivery.language = row["language"].c_str();
  delivery.template_version = row["template_version"].c_str();
  delivery.sms_segments = number_of(row["sms_segments"]);
  delivery.started_at = instant_of(row["started_at"]);
  delivery.finished_at = optional_instant(row["finished_at"]);
  delivery.record = sealer.open_object({tenant, delivery.citizen}, "delivery.record",
                                       row["id"].c_str(), row["record"]);
  return delivery;
}

InboxMessage read_inbox_message(const Sealer& sealer, TenantId tenant, const pqxx::row& row) {
  InboxMessage message;
  message.id = id_of<MessageId>(row["id"]);
  message.citizen = id_of<CitizenId>(row["citizen"]);
  message.reminder = id_of<ReminderId>(row["reminder"]);
  message.stored_at = instant_of(row["stored_at"]);
  message.read_at = optional_instant(row["read_at"]);
  message.language = row["language"].c_str();
  const Whose whose{tenant, message.citizen};
  const std::string id = row["id"].c_str();
  message.title = sealer.open(whose, "inbox_message.title", id, row["title"]);
  message.body = sealer.open(whose, "inbox_message.body", id, row["body"]);
  message.private_body =
      sealer.open(whose, "inbox_message.private_body", id, row["private_body"]);
  return message;
}

Task read_task(const Sealer& sealer, TenantId tenant, const pqxx::row& row) {
  Task task;
  task.id = id_of<TaskId>(row["id"]);
  task.citizen = id_of<CitizenId>(row["citizen"]);
  if (!row["reminder"].is_null()) task.reminder = id_of<ReminderId>(row["reminder"]);
  task.kind = row["kind"].c_str();
  task.reason = row["reason"].c_str();
  task.urgency = row["urgency"].as<int>();
  task.state = checked(parse_task_state(row["state"].c_str()), row["state"]);
  task.created_at = instant_of(row["created_at"]);
  task.due_on = optional_date(row["due_on"]);
  // Empty: the person's key did not open when the task was made, or does not any more.
  const Whose whose{tenant, task.citizen};
  if (row["detail"].size() > empty_bytea.size() && sealer.knows(whose))
    task.detail = sealer.open_object(whose, "task.detail", row["id"].c_str(), row["detail"]);
  return task;
}

boost::json::object row_of(const Sealer& sealer, TenantId tenant, const Event& event) {
  const auto id = event.id.to_string();
  return {{"position", event.position},
          {"tenant", tenant.to_string()},
          {"citizen", event.citizen.to_string()},
          {"version", event.version},
          {"id", id},
          {"type", event.type},
          {"occurred_at", to_rfc3339(event.occurred_at)},
          {"recorded_at", to_rfc3339(event.recorded_at)},
          {"source", event.source},
          {"data", sealer.seal({tenant, event.citizen}, "event.data", id, event.data)}};
}

boost::json::object row_of(const Sealer& sealer, TenantId tenant, const Deadline& deadline) {
  const auto id = deadline.id.to_string();
  return {{"id", id},
          {"citizen", deadline.citizen.to_string()},
          {"rule", deadline.rule},
          {"rule_version", deadline.rule_version},
          {"subject", deadline.subject},
          {"occurrence", deadline.occurrence},
          {"opens_on", value_of(deadline.opens_on)},
          {"due_on", to_iso(deadline.due_on)},
          {"safe_on", value_of(deadline.safe_on)},
          {"state", to_string(deadline.state)},
          {"statutory", deadline.statutory},
          {"topic", deadline.topic},
          {"explanation", sealer.seal({tenant, deadline.citizen}, "deadline.explanation", id,
                                      deadline.explanation)}};
}

boost::json::object row_of(const Sealer& sealer, TenantId tenant, const Reminder& reminder) {
  const auto id = reminder.id.to_string();
  return {{"id", id},
          {"citizen", reminder.citizen.to_string()},
          {"deadline", value_of(reminder.deadline)},
          {"stage", reminder.stage},
          {"message", reminder.message},
          {"topic", reminder.topic},
          {"lane", to_string(reminder.lane)},
          {"statutory", reminder.statutory},
          {"misfire", to_string(reminder.misfire)},
          {"due_at", to_rfc3339(reminder.due_at)},
          {"next_at", to_rfc3339(reminder.next_at)},
          {"expires_at", value_of(reminder.expires_at)},
          {"due_on", value_of(reminder.due_on)},
          {"channels", channel_list(reminder.channels)},
          {"state", to_string(reminder.state)},
          {"state_reason", reminder.state_reason},
          {"attempt", reminder.attempt},
          {"channel_index", reminder.channel_index},
          {"values",
           sealer.seal({tenant, reminder.citizen}, "reminder.values", id, reminder.values)}};
}

boost::json::object row_of(const Sealer& sealer, TenantId tenant, const Delivery& delivery) {
  const auto id = delivery.id.to_string();
  return {{"tenant", tenant.to_string()},
          {"id", id},
          {"due_at", to_rfc3339(delivery.due_at)},
          {"reminder", delivery.reminder.to_string()},
          {"citizen", delivery.citizen.to_string()},
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
          {"finished_at", value_of(delivery.finished_at)},
          {"record",
           sealer.seal({tenant, delivery.citizen}, "delivery.record", id, delivery.record)}};
}

boost::json::object row_of(const Sealer& sealer, TenantId tenant, const InboxMessage& message) {
  const auto id = message.id.to_string();
  const Whose whose{tenant, message.citizen};
  return {{"tenant", tenant.to_string()},
          {"id", id},
          {"citizen", message.citizen.to_string()},
          {"reminder", message.reminder.to_string()},
          {"stored_at", to_rfc3339(message.stored_at)},
          {"read_at", value_of(message.read_at)},
          {"language", message.language},
          {"title", sealer.seal(whose, "inbox_message.title", id, message.title)},
          {"body", sealer.seal(whose, "inbox_message.body", id, message.body)},
          {"private_body",
           sealer.seal(whose, "inbox_message.private_body", id, message.private_body)}};
}

boost::json::object row_of(const Sealer& sealer, TenantId tenant, const Task& task) {
  const auto id = task.id.to_string();
  const Whose whose{tenant, task.citizen};
  return {{"tenant", tenant.to_string()},
          {"id", id},
          {"citizen", task.citizen.to_string()},
          {"reminder", value_of(task.reminder)},
          {"kind", task.kind},
          {"reason", task.reason},
          {"urgency", task.urgency},
          {"state", to_string(task.state)},
          {"created_at", to_rfc3339(task.created_at)},
          {"due_on", value_of(task.due_on)},
          {"detail", sealer.knows(whose) ? sealer.seal(whose, "task.detail", id, task.detail)
                                         : std::string(empty_bytea)}};
}

}  // namespace rappel::store::postgres
