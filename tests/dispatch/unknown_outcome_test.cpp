// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "dispatch/rig.hpp"

using namespace rappel;
using namespace rappel::dispatch;
using namespace rappel::dispatch::tests;

TEST_CASE("an sms whose outcome is unknown is never sent again blindly") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::sms, Channel::email});
  w.take(reminder);
  REQUIRE(w.carrier.sent.size() == 1);
  CHECK(w.carrier.sent[0].channel == Channel::sms);
  w.carrier.answer(0, ResultClass::unknown);
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::unknown);
  w.loop.run_until(w.loop.now() + minutes{1});
  w.take(w.read(reminder));
  REQUIRE(w.carrier.sent.size() == 2);
  CHECK(w.carrier.sent[1].channel == Channel::email);
}

TEST_CASE("an sms whose outcome is unknown on the last channel becomes work for a human") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::sms});
  w.take(reminder);
  w.carrier.answer(0, ResultClass::unknown);
  w.settle();
  w.loop.run_until(w.loop.now() + minutes{1});
  w.take(w.read(reminder));
  CHECK(w.carrier.sent.size() == 1);
  CHECK(w.read(reminder).state == ReminderState::dead);
  CHECK(w.store.read_tasks(w.tenant.id, {}).items.size() == 1);
}

TEST_CASE("a provider that can be asked is asked and not sent to") {
  World w(with_mail_and_sms);
  w.carrier.may_query = true;
  const auto reminder = w.plan({Channel::sms});
  w.take(reminder);
  w.carrier.answer(0, ResultClass::unknown);
  w.settle();
  w.loop.run_until(w.loop.now() + minutes{1});
  w.take(w.read(reminder));
  CHECK(w.carrier.sent.size() == 1);
  REQUIRE(w.carrier.asked.size() == 1);
  w.carrier.answer(w.carrier.asked[0].delivery, w.carrier.asked[0].attempt, ResultClass::delivered);
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::delivered);
}

TEST_CASE("an unknown mail goes again under the same key") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  w.carrier.answer(0, ResultClass::unknown);
  w.settle();
  w.loop.run_until(w.loop.now() + minutes{1});
  w.take(w.read(reminder));
  REQUIRE(w.carrier.sent.size() == 2);
  CHECK(w.carrier.sent[0].idempotency_key == w.carrier.sent[1].idempotency_key);
  CHECK(w.carrier.sent[0].attempt != w.carrier.sent[1].attempt);
}

TEST_CASE("a crash with a later rung in flight leaves the doubt on that rung") {
  World w(with_mail_and_sms);
  auto profile = profile::profile_from_json(w.citizen.profile);
  profile.contacts.at(0).usable = false;
  w.citizen.profile = profile::to_json(profile);
  w.write([&](store::Transaction& t) { t.save_citizen(w.citizen); });
  const auto reminder = w.plan({Channel::email, Channel::sms});
  w.take(reminder);
  REQUIRE(w.carrier.sent.size() == 1);
  CHECK(w.carrier.sent[0].channel == Channel::sms);
  CHECK(w.store.recover(w.fence, w.loop.now()).unknown == 1);
  w.take(w.read(reminder));
  CHECK(w.carrier.sent.size() == 1);
  CHECK(w.read(reminder).state == ReminderState::dead);
}

namespace {

/// The citizen now prefers these channels, in this order.
void prefer(World& w, std::vector<Channel> channels) {
  auto profile = profile::profile_from_json(w.citizen.profile);
  profile.preferences.channels = std::move(channels);
  w.citizen.profile = profile::to_json(profile);
  w.write([&](store::Transaction& t) { t.save_citizen(w.citizen); });
}

/// The citizen's contact of this channel has another address now.
void move_contact(World& w, Channel channel, const std::string& address) {
  auto profile = profile::profile_from_json(w.citizen.profile);
  for (auto& contact : profile.contacts) {
    if (contact.channel == channel) contact.address = address;
  }
  w.citizen.profile = profile::to_json(profile);
  w.write([&](store::Transaction& t) { t.save_citizen(w.citizen); });
}

/// Sends by the first way, whose outcome stays unknown, and lets its wait pass.
Reminder lose_the_first(World& w) {
  const auto reminder = w.plan({});
  w.take(reminder);
  REQUIRE(w.carrier.sent.size() == 1);
  w.carrier.answer(0, ResultClass::unknown);
  w.settle();
  w.loop.run_until(w.loop.now() + minutes{1});
  return w.read(reminder);
}

}  // namespace

TEST_CASE("doubt about an sms stays with the sms when the citizen prefers another order") {
  World w(with_mail_and_sms);
  prefer(w, {Channel::sms, Channel::email});
  const auto reminder = lose_the_first(w);
  CHECK(w.carrier.sent[0].channel == Channel::sms);
  // By its place on the ladder, the doubt would now be about a mail, and the SMS would go again.
  prefer(w, {Channel::email, Channel::sms});
  w.take(reminder);
  REQUIRE(w.carrier.sent.size() == 2);
  CHECK(w.carrier.sent[1].channel == Channel::email);
  CHECK(w.carrier.sent[1].idempotency_key != w.carrier.sent[0].idempotency_key);
  w.carrier.answer(1, ResultClass::bad_address);
  w.settle();
  // Nothing is left to try: the sms was given up with its doubt.
  CHECK(w.carrier.sent.size() == 2);
  CHECK(w.read(reminder).state == ReminderState::failed);
}

TEST_CASE("an unknown mail is not repeated to an address that the citizen has left") {
  World w(with_mail_and_sms);
  prefer(w, {Channel::email});
  const auto reminder = lose_the_first(w);
  move_contact(w, Channel::email, "anna@example.net");
  w.take(reminder);
  REQUIRE(w.carrier.sent.size() == 2);
  CHECK(w.carrier.sent[1].to == "anna@example.net");
  // Another mailbox, so another message: no mail program would recognise it as a copy.
  CHECK(w.carrier.sent[1].idempotency_key != w.carrier.sent[0].idempotency_key);
}

TEST_CASE("a provider is asked about the message it has under its own name for it") {
  World w(with_mail_and_sms);
  w.carrier.may_query = true;
  prefer(w, {Channel::sms});
  const auto reminder = w.plan({});
  w.take(reminder);
  notify::SendResult lost;
  lost.delivery = w.carrier.sent.at(0).delivery;
  lost.attempt = w.carrier.sent[0].attempt;
  lost.result = ResultClass::unknown;
  lost.provider_id = "kannel-77";
  w.carrier.answer(lost);
  w.settle();
  w.loop.run_until(w.loop.now() + minutes{1});
  // Asked even when the number is not the citizen's any more: nothing is sent there.
  move_contact(w, Channel::sms, "0639980199");
  const auto before = w.store.read_deliveries(w.tenant.id, reminder.id).at(0);
  w.take(w.read(reminder));
  CHECK(w.carrier.sent.size() == 1);
  REQUIRE(w.carrier.asked.size() == 1);
  CHECK(w.carrier.asked[0].provider_id == "kannel-77");
  const auto asked = w.store.read_deliveries(w.tenant.id, reminder.id).at(0);
  CHECK(asked.record == before.record);
  CHECK(asked.started_at == before.started_at);
}

TEST_CASE("a retry goes on by the way it had taken whatever the citizen prefers meanwhile") {
  World w(with_mail_and_sms);
  prefer(w, {Channel::sms});
  const auto reminder = w.plan({});
  w.take(reminder);
  w.carrier.answer(0, ResultClass::try_later);
  w.settle();
  prefer(w, {Channel::email, Channel::sms});
  w.loop.run_until(w.loop.now() + hours{2});
  w.take(w.read(reminder));
  REQUIRE(w.carrier.sent.size() == 2);
  CHECK(w.carrier.sent[1].channel == Channel::sms);
  CHECK(w.carrier.sent[1].idempotency_key == w.carrier.sent[0].idempotency_key);
}

TEST_CASE("a retry takes another way when the citizen no longer wants the first") {
  World w(with_mail_and_sms);
  prefer(w, {Channel::sms});
  const auto reminder = w.plan({});
  w.take(reminder);
  w.carrier.answer(0, ResultClass::try_later);
  w.settle();
  prefer(w, {Channel::email});
  w.loop.run_until(w.loop.now() + hours{2});
  w.take(w.read(reminder));
  REQUIRE(w.carrier.sent.size() == 2);
  CHECK(w.carrier.sent[1].channel == Channel::email);
}
