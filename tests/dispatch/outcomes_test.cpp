// SPDX-License-Identifier: Apache-2.0
#include "dispatch/outcomes.hpp"

#include <doctest/doctest.h>

using namespace rappel;
using namespace rappel::dispatch;
using notify::ResultClass;

namespace {

const Instant now = *parse_rfc3339("2026-11-24T09:00:00Z");

Flying flying() {
  Flying flying;
  flying.reminder.id = ReminderId::random(Shard{5});
  flying.reminder.citizen = CitizenId::random(Shard{5});
  flying.reminder.attempt = 1;
  flying.reminder.state = ReminderState::in_flight;
  flying.delivery.id = delivery_id_of(flying.reminder.id, 0);
  return flying;
}

store::Settlement answer(const Flying& flying, ResultClass result, double jitter = 0.5) {
  notify::SendResult answer;
  answer.result = result;
  return settle_result(flying, answer, RetryPolicy{}, now, jitter);
}

}  // namespace

TEST_CASE("every result leads to a state that the machine allows from in flight") {
  for (const auto result :
       {ResultClass::accepted, ResultClass::delivered, ResultClass::try_later,
        ResultClass::throttled, ResultClass::bad_address, ResultClass::rejected,
        ResultClass::provider_down, ResultClass::unknown}) {
    for (const bool more : {false, true}) {
      auto message = flying();
      message.more_channels = more;
      CHECK(may_become(ReminderState::in_flight, answer(message, result).to));
    }
  }
}

TEST_CASE("a bad address moves on to the next channel and says so") {
  auto message = flying();
  message.more_channels = true;
  const auto settlement = answer(message, ResultClass::bad_address);
  CHECK(settlement.to == ReminderState::retry_wait);
  CHECK(settlement.channel_index == 1);
  CHECK(settlement.next_at == now);
  REQUIRE(settlement.event);
  CHECK(settlement.event->type == "contact.failed");
  CHECK_FALSE(settlement.task);
}

TEST_CASE("a bad address on the last channel becomes work for a human") {
  const auto settlement = answer(flying(), ResultClass::bad_address);
  CHECK(settlement.to == ReminderState::failed);
  REQUIRE(settlement.task);
  CHECK(settlement.task->kind == "check_address");
}

TEST_CASE("a retry waits within the ceiling and grows with each attempt") {
  const RetryPolicy policy;
  auto message = flying();
  for (std::uint32_t tries = 0; tries + 1 < policy.attempts_max; ++tries) {
    message.reminder.tries = tries;
    CHECK(answer(message, ResultClass::try_later, 0.0).next_at == now);
    const auto longest = answer(message, ResultClass::try_later, 0.999).next_at - now;
    CHECK(longest <= policy.last);
    CHECK(longest >= std::min<std::chrono::microseconds>(
                         policy.last, policy.first * (std::int64_t{1} << tries)) /
                         2);
  }
}

TEST_CASE("what the provider asks for is waited for even when jitter says less") {
  notify::SendResult throttled;
  throttled.result = ResultClass::throttled;
  throttled.retry_after = std::chrono::seconds{900};
  const auto settlement = settle_result(flying(), throttled, RetryPolicy{}, now, 0.0);
  CHECK(settlement.next_at == now + std::chrono::seconds{900});
}

TEST_CASE("a retry never goes past the usefulness of the reminder") {
  auto message = flying();
  message.reminder.expires_at = now + std::chrono::seconds{10};
  message.more_channels = true;
  CHECK(answer(message, ResultClass::provider_down, 0.9).channel_index == 1);
  message.more_channels = false;
  const auto last = answer(message, ResultClass::provider_down, 0.9);
  CHECK(last.to == ReminderState::failed);
  CHECK(last.task);
}

TEST_CASE("attempts have an end and a human hears of it") {
  auto message = flying();
  message.reminder.tries = RetryPolicy{}.attempts_max - 1;
  for (const auto result : {ResultClass::try_later, ResultClass::unknown}) {
    const auto settlement = answer(message, result, 0.0);
    CHECK(settlement.to == ReminderState::failed);
    CHECK(settlement.task);
  }
}

TEST_CASE("a message is in the inbox only once it was delivered there") {
  auto message = flying();
  message.inbox = InboxMessage{};
  CHECK(answer(message, ResultClass::delivered).inbox);
  CHECK_FALSE(answer(message, ResultClass::try_later).inbox);
  CHECK_FALSE(answer(message, ResultClass::unknown).inbox);
}

TEST_CASE("being claimed often costs no try and another channel starts anew") {
  auto message = flying();
  message.reminder.attempt = 500;
  CHECK(answer(message, ResultClass::try_later).to == ReminderState::retry_wait);
  CHECK(answer(message, ResultClass::try_later).tries == 1);
  message.reminder.tries = 7;
  message.more_channels = true;
  CHECK(answer(message, ResultClass::bad_address).tries == 0);
}

TEST_CASE("an answer of later to a question leaves the doubt") {
  auto message = flying();
  message.outcome_unknown = true;
  message.ask_only = true;
  for (const auto result : {ResultClass::try_later, ResultClass::throttled,
                            ResultClass::provider_down, ResultClass::unknown}) {
    CHECK(answer(message, result).to == ReminderState::unknown);
  }
  CHECK(settle_unsent(message, now).to == ReminderState::unknown);
}

TEST_CASE("what a provider wrote is kept printable") {
  notify::SendResult odd;
  odd.result = ResultClass::accepted;
  odd.provider_id = "id=\xe9\n1";
  odd.detail = std::string(5'000, 'x');
  const auto settlement = settle_result(flying(), odd, RetryPolicy{}, now, 0.0);
  CHECK(settlement.delivery->provider_id == "id=??1");
  CHECK(settlement.delivery->detail.size() == 200);
}

TEST_CASE("a message that no sender took is due again soon") {
  const auto settlement = settle_unsent(flying(), now);
  CHECK(settlement.to == ReminderState::retry_wait);
  CHECK(settlement.next_at > now);
  CHECK_FALSE(settlement.task);
}

TEST_CASE("the same cause makes one task however often it is told") {
  const auto message = flying();
  CHECK(human_task(message.reminder, "no_channel_left", now).id ==
        human_task(message.reminder, "no_channel_left", now).id);
}
