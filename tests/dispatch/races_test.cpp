// SPDX-License-Identifier: Apache-2.0
// What a person or an event says while a message is on its way out, at each point before it leaves.
#include <doctest/doctest.h>

#include "dispatch/rig.hpp"

using namespace rappel;
using namespace rappel::dispatch;
using namespace rappel::dispatch::tests;

namespace {

/// What somebody says of the citizen, as the planner stores it.
void tell(World& w, const char* type, const char* data) {
  w.write([&](store::Transaction& t) {
    auto citizen = t.citizen(w.citizen.id).value();
    auto profile = profile::profile_from_json(citizen.profile);
    Event event;
    event.id = EventId::random(shard);
    event.citizen = citizen.id;
    event.type = type;
    event.occurred_at = event.recorded_at = w.loop.now();
    event.source = "test";
    event.data = profile::check_event(type, boost::json::parse(data).as_object()).value();
    profile::apply(profile, event);
    t.append(std::span<Event>(&event, 1));
    citizen = t.citizen(w.citizen.id).value();
    citizen.profile = profile::to_json(profile);
    t.save_citizen(citizen);
  });
}

void mute(World& w) {
  tell(w, "citizen.updated", R"({"preferences": {"muted_topics": ["caseworker"]}})");
}

Deadline open_deadline(World& w) {
  Deadline deadline;
  deadline.id = DeadlineId::random(shard);
  deadline.citizen = w.citizen.id;
  deadline.rule = "fr.test";
  deadline.topic = "caseworker";
  deadline.due_on = CivilDate{std::chrono::year{2026} / 12 / 24};
  w.write([&](store::Transaction& t) { t.upsert(std::span<const Deadline>(&deadline, 1)); });
  return deadline;
}

void done(World& w, Deadline deadline) {
  deadline.state = DeadlineState::met;
  w.write([&](store::Transaction& t) { t.upsert(std::span<const Deadline>(&deadline, 1)); });
}

Reminder plan_for(World& w, const Deadline& deadline) {
  auto reminder = w.plan({Channel::email});
  reminder.deadline = deadline.id;
  w.write([&](store::Transaction& t) { t.upsert(std::span<const Reminder>(&reminder, 1)); });
  return reminder;
}

void give_room(World& w) {
  w.carrier.room = 5;
  w.loop.post([&] { w.dispatcher->sender_ready("mail"); });
  w.settle();
}

}  // namespace

TEST_CASE("what is done before the reminder is taken is not reminded of") {
  World w(with_mail_and_sms);
  const auto deadline = open_deadline(w);
  const auto reminder = plan_for(w, deadline);
  done(w, deadline);
  w.take(reminder);
  CHECK(w.carrier.sent.empty());
  CHECK(w.read(reminder).state == ReminderState::cancelled);
  CHECK(w.read(reminder).state_reason == "deadline_met");
}

TEST_CASE("a consent that is withdrawn before the reminder is taken closes the channel") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email, Channel::sms});
  tell(w, "citizen.updated", R"({"consented_channels": ["sms"]})");
  w.take(reminder);
  REQUIRE(w.carrier.sent.size() == 1);
  CHECK(w.carrier.sent[0].channel == Channel::sms);
  tell(w, "citizen.updated", R"({"consented_channels": []})");
  const auto next = w.plan({Channel::email, Channel::sms});
  w.take(next);
  CHECK(w.read(next).state == ReminderState::dead);
  CHECK(w.read(next).state_reason == "no_usable_channel");
}

TEST_CASE("what is muted while it waits for room does not leave") {
  World w(with_mail_and_sms);
  w.carrier.room = 0;
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  REQUIRE(w.read(reminder).state == ReminderState::claimed);
  mute(w);
  give_room(w);
  CHECK(w.carrier.sent.empty());
  CHECK(w.read(reminder).state == ReminderState::planned);
  w.take(w.read(reminder));
  CHECK(w.read(reminder).state == ReminderState::suppressed);
  CHECK(w.read(reminder).state_reason == "topic_muted");
  CHECK(w.dispatcher->idle());
}

TEST_CASE("what waits for room leaves when nothing was said of its citizen") {
  World w(with_mail_and_sms);
  w.carrier.room = 0;
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  give_room(w);
  CHECK(w.carrier.sent.size() == 1);
}

TEST_CASE("an address that is corrected while a message waits for room is the one it leaves for") {
  World w(with_mail_and_sms);
  w.carrier.room = 0;
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  tell(w, "citizen.updated",
       R"({"contacts": [{"channel": "email", "address": "new@example.org"}]})");
  give_room(w);
  CHECK(w.carrier.sent.empty());
  w.take(w.read(reminder));
  REQUIRE(w.carrier.sent.size() == 1);
  CHECK(w.carrier.sent[0].to == "new@example.org");
}

TEST_CASE("between the commit of the flight and the outcome it is too late and the outcome is true") {
  World w(with_mail_and_sms);
  auto reminder = w.plan({Channel::email});
  w.take(reminder);
  REQUIRE(w.read(reminder).state == ReminderState::in_flight);
  mute(w);
  reminder.state = ReminderState::cancelled;
  w.write([&](store::Transaction& t) { t.upsert(std::span<const Reminder>(&reminder, 1)); });
  CHECK(w.read(reminder).state == ReminderState::in_flight);
  w.carrier.answer(0, ResultClass::accepted);
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::sent);
}

TEST_CASE("what is said between two attempts is kept by the second") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  w.carrier.answer(0, ResultClass::try_later);
  w.settle();
  mute(w);
  w.loop.run_until(w.read(reminder).next_at);
  w.take(w.read(reminder));
  CHECK(w.carrier.sent.size() == 1);
  CHECK(w.read(reminder).state_reason == "topic_muted");
}

TEST_CASE("a pause holds one topic or all and says who asked for it until its day") {
  World w(with_mail_and_sms);
  tell(w, "messages.paused", R"({"topic": "tax", "until": "2026-12-01"})");
  w.take(w.plan({Channel::email}));
  CHECK(w.carrier.sent.size() == 1);
  tell(w, "messages.paused", R"({"topic": "caseworker", "until": "2026-12-01"})");
  const auto topic = w.plan({Channel::email});
  w.take(topic);
  CHECK(w.read(topic).state_reason == "topic_paused_by_citizen");
  tell(w, "messages.resumed", R"({"topic": "caseworker"})");
  tell(w, "messages.paused",
       R"({"until": "2026-11-25", "by": "caseworker", "reason": "deuil dans la famille"})");
  const auto all = w.plan({Channel::email});
  w.take(all);
  CHECK(w.read(all).state == ReminderState::suppressed);
  CHECK(w.read(all).state_reason == "paused_by_caseworker");
  w.loop.run_until(*parse_rfc3339("2026-11-24T23:30:00Z"));  // the day has come in Paris
  w.take(w.plan({Channel::email}));
  CHECK(w.carrier.sent.size() == 2);
}
