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
