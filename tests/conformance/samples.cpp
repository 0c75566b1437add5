// SPDX-License-Identifier: Apache-2.0
#include "conformance/samples.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json/serialize.hpp>

namespace conformance {
namespace {

std::string text(const std::optional<Instant>& instant) {
  return instant ? to_rfc3339(*instant) : "-";
}
std::string text(const std::optional<CivilDate>& date) { return date ? to_iso(*date) : "-"; }
std::string text(const boost::json::object& object) { return boost::json::serialize(object); }
template <typename Tag>
std::string text(const std::optional<Id<Tag>>& id) {
  return id ? id->to_string() : "-";
}

}  // namespace

store::Tenant sample_tenant(const std::string& slug) {
  return {TenantId::random(), slug, "Mairie de Villeneuve", "l'accueil", "01 99 00 00 00"};
}

store::Citizen sample_citizen(Store& store, TenantId tenant, const std::string& reference) {
  store::Citizen citizen;
  citizen.id = CitizenId::random(store.shard_of(tenant, reference));
  citizen.tenant = tenant;
  citizen.reference = reference;
  citizen.profile = {{"city", "Villeneuve"}, {"quote", "l'\"été\" \\ 😀"}};
  return citizen;
}

Event sample_event(const store::Citizen& citizen, const std::string& type) {
  Event event;
  event.id = EventId::random(citizen.id.shard());
  event.citizen = citizen.id;
  event.type = type;
  event.occurred_at = at("2026-03-01T09:30:00.123456Z");
  event.recorded_at = noon;
  event.source = "api:0a1b2c3d";
  event.data = {{"given_name", "Zoé"}, {"rank", 2}};
  return event;
}

Deadline sample_deadline(const store::Citizen& citizen, const std::string& subject) {
  Deadline deadline;
  deadline.id = deadline_id_of(citizen.id, "fr.identity.card", subject, "2027");
  deadline.citizen = citizen.id;
  deadline.rule = "fr.identity.card";
  deadline.rule_version = 3;
  deadline.subject = subject;
  deadline.occurrence = "2027";
  deadline.opens_on = day("2026-12-01");
  deadline.due_on = day("2027-06-30");
  deadline.safe_on = day("2027-06-29");
  deadline.statutory = true;
  deadline.topic = "identity";
  deadline.explanation = {{"line", {{"fr", "échéance"}}}, {"legal", {"art. 1"}}};
  return deadline;
}

Reminder sample_reminder(const store::Citizen& citizen, const std::string& stage, Instant due) {
  Reminder reminder;
  reminder.id = ReminderId::derived(citizen.id.shard(), citizen.id.to_string() + stage);
  reminder.citizen = citizen.id;
  reminder.stage = stage;
  reminder.message = "identity_card_due";
  reminder.topic = "identity";
  reminder.lane = Lane::legal_deadline;
  reminder.statutory = true;
  reminder.misfire = Misfire::skip;
  reminder.due_at = due;
  reminder.next_at = due;
  reminder.expires_at = due + std::chrono::days{30};
  reminder.due_on = day("2027-06-30");
  reminder.channels = {Channel::sms, Channel::email};
  reminder.values = {{"office", "1, place de l'Église, \"A\\B\", {x,y}"}};
  return reminder;
}

Delivery sample_delivery(const Reminder& reminder, std::uint32_t channel_index) {
  Delivery delivery;
  delivery.id = delivery_id_of(reminder.id, channel_index);
  delivery.reminder = reminder.id;
  delivery.citizen = reminder.citizen;
  delivery.due_at = reminder.due_at;
  delivery.notifier = "email";
  delivery.channel = Channel::email;
  delivery.attempt = reminder.attempt;
  delivery.idempotency_key = idempotency_key_of(reminder.id, channel_index);
  delivery.language = "fr";
  delivery.template_version = "abc";
  delivery.sms_segments = 2;
  delivery.started_at = noon;
  delivery.record = {{"to", "zoe@example.org"}};
  return delivery;
}

Task sample_task(const Reminder& reminder) {
  Task task;
  task.id = task_id_of(reminder.id, "no_channel_left");
  task.citizen = reminder.citizen;
  task.reminder = reminder.id;
  task.kind = "call";
  task.reason = "no_channel_left";
  task.urgency = 0;
  task.created_at = noon;
  task.due_on = day("2026-12-01");
  task.detail = {{"phone", "01 99 00 00 01"}};
  return task;
}

InboxMessage sample_inbox(const Reminder& reminder, const std::string& title) {
  InboxMessage message;
  message.id = MessageId::derived(reminder.id.shard(), reminder.id.to_string() + title);
  message.citizen = reminder.citizen;
  message.reminder = reminder.id;
  message.stored_at = noon;
  message.language = "fr";
  message.title = title;
  message.body = "Elle expire bientôt.";
  message.private_body = "Zoé, votre carte n° 12.";
  return message;
}

store::Settlement settlement_of(const store::ClaimedReminder& claimed, ReminderState to) {
  store::Settlement settlement;
  settlement.tenant = claimed.tenant;
  settlement.reminder = claimed.reminder.id;
  settlement.due_at = claimed.reminder.due_at;
  settlement.attempt = claimed.reminder.attempt;
  settlement.to = to;
  settlement.reason = "because";
  settlement.channel_index = claimed.reminder.channel_index;
  return settlement;
}

std::string describe(const store::Citizen& c) {
  return fmt::format("{} {} {} v{} {} {} {} {}", c.id.to_string(), c.tenant.to_string(),
                     c.reference, c.version, text(c.profile), text(c.reevaluate_at), c.rulebook,
                     c.evaluation);
}

std::string describe(const Event& e) {
  return fmt::format("{} {} {} {} {} {} {} p{} v{}", e.id.to_string(), e.citizen.to_string(),
                     e.type, to_rfc3339(e.occurred_at), to_rfc3339(e.recorded_at), e.source,
                     text(e.data), e.position, e.version);
}

std::string describe(const Deadline& d) {
  return fmt::format("{} {} {} {} '{}' '{}' {} {} {} {} {} {} {}", d.id.to_string(),
                     d.citizen.to_string(), d.rule, d.rule_version, d.subject, d.occurrence,
                     text(d.opens_on), to_iso(d.due_on), text(d.safe_on), to_string(d.state),
                     d.statutory, d.topic, text(d.explanation));
}

std::string describe(const Reminder& r) {
  std::vector<std::string_view> channels;
  for (const auto channel : r.channels) channels.push_back(to_string(channel));
  return fmt::format("{} {} {} {} {} {} {} {} {} due {} next {} exp {} on {} [{}] {} '{}' {} {} {}",
                     r.id.to_string(), r.citizen.to_string(), text(r.deadline), r.stage, r.message,
                     r.topic, to_string(r.lane), r.statutory, to_string(r.misfire),
                     to_rfc3339(r.due_at), to_rfc3339(r.next_at), text(r.expires_at),
                     text(r.due_on), fmt::join(channels, ","), to_string(r.state), r.state_reason,
                     r.attempt, r.channel_index, text(r.values));
}

std::string describe(const Delivery& d) {
  return fmt::format("{} {} {} {} {} {} {} {} {} '{}' '{}' '{}' {} {} {} {} {} {}",
                     d.id.to_string(), d.reminder.to_string(), d.citizen.to_string(),
                     to_rfc3339(d.due_at), d.notifier, to_string(d.channel), to_string(d.state),
                     d.attempt, d.idempotency_key, d.provider_id, d.result, d.detail, d.language,
                     d.template_version, d.sms_segments, to_rfc3339(d.started_at),
                     text(d.finished_at), text(d.record));
}

std::string describe(const InboxMessage& m) {
  return fmt::format("{} {} {} {} {} {} {} {} {}", m.id.to_string(), m.citizen.to_string(),
                     m.reminder.to_string(), to_rfc3339(m.stored_at), text(m.read_at), m.language,
                     m.title, m.body, m.private_body);
}

std::string describe(const Task& t) {
  return fmt::format("{} {} {} {} {} {} {} {} {} {}", t.id.to_string(), t.citizen.to_string(),
                     text(t.reminder), t.kind, t.reason, t.urgency, to_string(t.state),
                     to_rfc3339(t.created_at), text(t.due_on), text(t.detail));
}

World::World() {
  REQUIRE(store.create_tenant(tenant));
  citizen = sample_citizen(store, tenant.id, "A-1");
  auto transaction = begin();
  transaction->create_citizen(citizen);
  transaction->commit();
}

void World::plan(const std::vector<Reminder>& reminders) {
  auto transaction = begin();
  transaction->upsert(std::span<const Reminder>(reminders));
  transaction->commit();
}

void World::plan(const Deadline& deadline) {
  auto transaction = begin();
  transaction->upsert(std::span<const Deadline>(&deadline, 1));
  transaction->commit();
}

Reminder World::plan(const std::string& stage, Instant due) {
  auto reminder = sample_reminder(citizen, stage, due);
  plan(std::vector{reminder});
  return reminder;
}

Lease World::lease() {
  const std::vector wanted{shard()};
  const auto leases = store.acquire(node, {}, wanted, std::chrono::minutes{1});
  REQUIRE(leases.size() == 1);
  return leases[0];
}

store::ClaimedReminder World::claim_one(const Lease& fence, ReminderId id, Instant now) {
  const std::vector ids{id};
  auto claimed = store.claim(fence, ids, now);
  REQUIRE(claimed.size() == 1);
  return claimed[0];
}

bool World::fly(const Lease& fence, const store::ClaimedReminder& claimed) {
  const std::vector flights{
      store::Flight{claimed.tenant, sample_delivery(claimed.reminder), claimed.reminder.attempt}};
  return store.begin_flight(fence, flights, noon) == std::vector{claimed.reminder.id};
}

}  // namespace conformance
