// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "dispatch/rig.hpp"

using namespace rappel;
using namespace rappel::dispatch;
using namespace rappel::dispatch::tests;
using std::chrono::days;

namespace {

const Instant late = *parse_rfc3339("2026-11-24T21:00:00Z");  // 22:00 in Paris

const char* const with_quiet_nights = R"({"given_name": "Anna",
  "preferences": {"quiet_hours": {"from": "20:00", "to": "08:00"}},
  "contacts": [{"channel": "email", "address": "anna@example.org"},
               {"channel": "sms", "address": "0639980102"},
               {"channel": "call", "address": "0639980102"}]})";

/// A reminder as a test wants it, stored.
template <typename WorldKind, typename Change>
Reminder planned(WorldKind& w, std::vector<Channel> channels, Change change) {
  auto reminder = w.plan(std::move(channels));
  change(reminder);
  w.write([&](store::Transaction& t) { t.upsert(std::span<const Reminder>(&reminder, 1)); });
  return reminder;
}

Silence silence_of(World& w, Instant until) {
  Silence silence;
  silence.id = SilenceId::random();
  silence.tenant = w.tenant.id;
  silence.starts_at = w.loop.now() - minutes{1};
  silence.created_at = silence.starts_at;
  silence.ends_at = until;
  silence.author = "Mme Diallo";
  silence.comment = "la règle est en cours de correction";
  return silence;
}

void set(World& w, const Silence& silence) { REQUIRE(w.store.add_silence(silence)); }

std::string standing(World& w, const Reminder& reminder) {
  const auto stored = w.read(reminder);
  return std::string(to_string(stored.state)) + " " + stored.state_reason;
}

}  // namespace

// --- quiet hours --------------------------------------------------------------------------------------

TEST_CASE("an SMS waits for the morning and an e-mail does not") {
  World w(with_mail_and_sms);
  w.loop.run_until(late);
  const auto sms = w.plan({Channel::sms});
  const auto mail = w.plan({Channel::email});
  w.take(sms);
  w.take(mail);
  REQUIRE(w.carrier.sent.size() == 1);
  CHECK(w.carrier.sent[0].channel == Channel::email);
  CHECK(standing(w, sms) == "planned tenant_quiet_hours");
  CHECK(to_rfc3339(w.read(sms).next_at) == "2026-11-25T07:00:00Z");
  CHECK(w.done.at(0) == w.read(sms).next_at);
  CHECK(w.dispatcher->status().suppressed.at("tenant_quiet_hours") == 1);
}

TEST_CASE("what waited for the morning leaves then") {
  World w(with_mail_and_sms);
  w.loop.run_until(late);
  const auto sms = w.plan({Channel::sms});
  w.take(sms);
  w.loop.run_until(w.read(sms).next_at);
  w.take(w.read(sms));
  CHECK(w.carrier.sent.size() == 1);
}

TEST_CASE("a service message that would lose its sense by waiting goes in the quiet hour and says so") {
  World w(with_mail_and_sms);
  w.loop.run_until(late);
  const auto sms = w.plan({Channel::sms}, late + hours{3});
  w.take(sms);
  REQUIRE(w.carrier.sent.size() == 1);
  const auto delivery = w.store.read_deliveries(w.tenant.id, sms.id).at(0);
  CHECK(delivery.record.at("why").at("hour").at("fr").as_string().starts_with("Envoyé pendant"));
}

TEST_CASE("advice that would lose its sense by waiting is not sent in a quiet hour") {
  World w(with_mail_and_sms);
  w.loop.run_until(late);
  const auto sms = planned(w, {Channel::sms}, [](Reminder& reminder) {
    reminder.lane = Lane::advice;
    reminder.expires_at = late + hours{3};
  });
  w.take(sms);
  CHECK(w.carrier.sent.empty());
  CHECK(standing(w, sms) == "suppressed no_hour_left");
}

TEST_CASE("the administration's hours give way before the citizen's when the law cannot wait") {
  World w(with_mail_and_sms);
  w.loop.run_until(late);
  const auto statutory = [](Reminder& reminder) {
    reminder.statutory = true;
    reminder.expires_at = late + hours{3};
  };
  const auto reminder = planned(w, {Channel::sms}, statutory);
  w.take(reminder);
  CHECK(w.carrier.sent.size() == 1);
  // The citizen's own hours end before the sense is lost: then.
  World own(R"({"given_name": "Anna", "preferences": {"quiet_hours": {"from": "20:00", "to": "23:00"}},
                "contacts": [{"channel": "sms", "address": "0639980102"}]})");
  own.loop.run_until(late);
  const auto waits = planned(own, {Channel::sms}, statutory);
  own.take(waits);
  CHECK(own.carrier.sent.empty());
  CHECK(standing(own, waits) == "planned quiet_hours");
  CHECK(own.read(waits).next_at == late + hours{1});
}

TEST_CASE("no phone rings in the citizen's quiet hours even for the law: a human is told") {
  World w(with_quiet_nights, false, {{"robot", Channel::call}});
  w.loop.run_until(late);
  const auto reminder = planned(w, {Channel::call}, [](Reminder& each) {
    each.statutory = true;
    each.expires_at = late + hours{3};
  });
  w.take(reminder);
  CHECK(w.carrier.sent.empty());
  CHECK(standing(w, reminder) == "suppressed no_polite_hour");
  const auto tasks = w.store.read_tasks(w.tenant.id, {}).items;
  REQUIRE(tasks.size() == 1);
  CHECK(tasks[0].reason == "no_polite_hour");
}

TEST_CASE("advice rests on Sunday and service does not") {
  World w(with_mail_and_sms);
  w.loop.run_until(*parse_rfc3339("2026-11-29T10:00:00Z"));  // 11:00 in Paris, a Sunday
  const auto advice =
      planned(w, {Channel::email}, [](Reminder& reminder) { reminder.lane = Lane::advice; });
  const auto service = w.plan({Channel::email});
  w.take(advice);
  w.take(service);
  CHECK(w.carrier.sent.size() == 1);
  CHECK(standing(w, advice) == "planned sunday");
  CHECK(to_rfc3339(w.read(advice).next_at) == "2026-11-30T10:00:00Z");
}

// --- caps -----------------------------------------------------------------------------------------------

TEST_CASE("the second advice of a day waits for its hour on the next one") {
  World w(with_mail_and_sms);
  const auto advice = [](Reminder& reminder) { reminder.lane = Lane::advice; };
  const auto first = planned(w, {Channel::email}, advice);
  w.take(first);
  w.carrier.answer(0, ResultClass::accepted);
  w.settle();
  w.loop.run_until(w.loop.now() + hours{2});
  const auto second = planned(w, {Channel::email}, advice);
  w.take(second);
  CHECK(w.carrier.sent.size() == 1);
  CHECK(standing(w, second) == "planned day_is_full");
  CHECK(w.read(second).next_at == second.due_at - second.due_at.time_since_epoch() % minutes{1} + days{1});
  const auto service = w.plan({Channel::email});
  w.take(service);
  CHECK(w.carrier.sent.size() == 2);  // counted apart
  w.loop.run_until(w.read(second).next_at);
  w.take(w.read(second));
  CHECK(w.carrier.sent.size() == 3);
}

TEST_CASE("two advices of one batch count against each other and what waits for room too") {
  World w(with_mail_and_sms);
  w.carrier.room = 0;
  const auto advice = [](Reminder& reminder) { reminder.lane = Lane::advice; };
  const std::vector both{planned(w, {Channel::email}, advice), planned(w, {Channel::email}, advice)};
  std::vector<store::Work> works;
  for (const auto& each : both)
    works.push_back({store::WorkKind::remind, w.tenant.id, each.id.bytes(), each.next_at, each.attempt});
  w.dispatcher->take(w.fence, works);
  w.settle();
  const auto in = [&](ReminderState state) {
    return std::count_if(both.begin(), both.end(),
                         [&](const Reminder& each) { return w.read(each).state == state; });
  };
  CHECK(in(ReminderState::claimed) == 1);
  CHECK(in(ReminderState::planned) == 1);
  const auto third = planned(w, {Channel::email}, advice);
  w.take(third);
  CHECK(standing(w, third) == "planned day_is_full");
}

TEST_CASE("a day is the citizen's own and what failed does not count") {
  World w(with_mail_and_sms);
  const auto advice = [](Reminder& reminder) { reminder.lane = Lane::advice; };
  w.loop.run_until(*parse_rfc3339("2026-11-24T18:30:00Z"));
  const auto failed = planned(w, {Channel::email}, advice);
  w.take(failed);
  w.carrier.answer(0, ResultClass::rejected);
  w.settle();
  const auto second = planned(w, {Channel::email}, advice);
  w.take(second);
  REQUIRE(w.carrier.sent.size() == 2);
  w.carrier.answer(1, ResultClass::accepted);
  w.settle();
  w.loop.run_until(*parse_rfc3339("2026-11-24T23:05:00Z"));  // 00:05 in Paris, another day
  const auto third = planned(w, {Channel::email}, advice);
  w.take(third);
  CHECK(w.carrier.sent.size() == 3);
}

TEST_CASE("a full day suppresses what is useless tomorrow but nothing that the law made us plan") {
  World w(with_mail_and_sms);
  Instant end = w.loop.now() + hours{3};
  const auto advice = [&](Reminder& reminder) {
    reminder.lane = Lane::advice;
    reminder.expires_at = end;
  };
  w.take(planned(w, {Channel::email}, advice));
  const auto second = planned(w, {Channel::email}, advice);
  w.take(second);
  CHECK(standing(w, second) == "suppressed day_is_full");
  const auto statutory = planned(w, {Channel::email}, [&](Reminder& reminder) {
    advice(reminder);
    reminder.statutory = true;
  });
  w.take(statutory);
  CHECK(w.carrier.sent.size() == 2);
}

// --- silences -------------------------------------------------------------------------------------------

TEST_CASE("a silence holds what it matches until its end") {
  World w(with_mail_and_sms);
  auto silence = silence_of(w, w.loop.now() + hours{5});
  silence.notifier = "mail";
  set(w, silence);
  const auto mail = w.plan({Channel::email});
  const auto sms = w.plan({Channel::sms});
  w.take(mail);
  w.take(sms);
  REQUIRE(w.carrier.sent.size() == 1);
  CHECK(w.carrier.sent[0].channel == Channel::sms);
  CHECK(standing(w, mail) == "planned silenced");
  CHECK(w.read(mail).next_at == silence.ends_at);
  w.loop.run_until(silence.ends_at);
  w.take(w.read(mail));
  CHECK(w.carrier.sent.size() == 2);
}

TEST_CASE("a silence that ends early gives back what it held") {
  World w(with_mail_and_sms);
  const auto silence = silence_of(w, w.loop.now() + hours{5});
  set(w, silence);
  const auto mail = w.plan({Channel::email});
  w.take(mail);
  CHECK(w.carrier.sent.empty());
  REQUIRE(w.store.end_silence(w.tenant.id, silence.id, w.loop.now()));
  CHECK(w.read(mail).next_at == w.loop.now());
  w.take(w.read(mail));
  CHECK(w.carrier.sent.size() == 1);
}

TEST_CASE("what is useless after a silence is suppressed and a limit of the law becomes a task") {
  World w(with_mail_and_sms);
  set(w, silence_of(w, w.loop.now() + hours{5}));
  const Instant end = w.loop.now() + hours{3};
  const auto service = w.plan({Channel::email}, end);
  w.take(service);
  CHECK(standing(w, service) == "suppressed silenced");
  CHECK(w.store.read_tasks(w.tenant.id, {}).items.empty());
  const auto legal = planned(w, {Channel::email}, [&](Reminder& reminder) {
    reminder.lane = Lane::legal_deadline;
    reminder.expires_at = end;
  });
  w.take(legal);
  CHECK(standing(w, legal) == "suppressed silenced");
  const auto tasks = w.store.read_tasks(w.tenant.id, {}).items;
  REQUIRE(tasks.size() == 1);
  CHECK(tasks[0].reason == "silenced");
}

TEST_CASE("another tenant's silence and one that has not begun hold nothing") {
  World w(with_mail_and_sms);
  auto foreign = silence_of(w, w.loop.now() + hours{5});
  foreign.tenant = TenantId::random();
  set(w, foreign);
  auto later = silence_of(w, w.loop.now() + hours{5});
  later.starts_at = w.loop.now() + hours{1};
  set(w, later);
  w.take(w.plan({Channel::email}));
  CHECK(w.carrier.sent.size() == 1);
}

TEST_CASE("a silence of a departement holds only those who live there") {
  World w(R"({"given_name": "Anna", "address": {"lines": ["1 rue"], "postcode": "35000",
              "city": "Rennes", "insee": "35238"},
              "contacts": [{"channel": "email", "address": "anna@example.org"}]})");
  auto elsewhere = silence_of(w, w.loop.now() + hours{5});
  elsewhere.departement = "75";
  set(w, elsewhere);
  w.take(w.plan({Channel::email}));
  CHECK(w.carrier.sent.size() == 1);
  auto here = elsewhere;
  here.id = SilenceId::random();
  here.departement = "35";
  set(w, here);
  const auto held = w.plan({Channel::email});
  w.take(held);
  CHECK(standing(w, held) == "planned silenced");
}

TEST_CASE("a silence that is set while a message waits for room still holds it") {
  World w(with_mail_and_sms);
  w.carrier.room = 0;
  const auto mail = w.plan({Channel::email});
  w.take(mail);
  REQUIRE(w.read(mail).state == ReminderState::claimed);
  set(w, silence_of(w, w.loop.now() + hours{5}));
  w.carrier.room = 5;
  w.loop.post([&] { w.dispatcher->sender_ready("mail"); });
  w.settle();
  CHECK(w.carrier.sent.empty());
  CHECK(w.read(mail).state == ReminderState::planned);
  w.take(w.read(mail));
  CHECK(standing(w, mail) == "planned silenced");
  CHECK(w.dispatcher->idle());
}
