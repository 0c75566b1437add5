// SPDX-License-Identifier: Apache-2.0
#include "notify/ledger.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

#include "notify/frame.hpp"

using namespace rappel;
using namespace rappel::notify;

namespace {

OutgoingMessage message(int number, std::uint32_t attempt = 1) {
  OutgoingMessage message;
  message.delivery = DeliveryId::derived(Shard{1}, std::to_string(number));
  message.attempt = attempt;
  return message;
}

std::vector<OutgoingMessage> messages(int first, int count, std::uint32_t attempt = 1) {
  std::vector<OutgoingMessage> all;
  for (int i = first; i < first + count; ++i) all.push_back(message(i, attempt));
  return all;
}

bool settle(Ledger& ledger, const OutgoingMessage& message) {
  return ledger.settle(message.delivery, message.attempt);
}

}  // namespace

TEST_CASE("messages leave in order and in bounded batches") {
  Ledger ledger(1000);
  ledger.accept(messages(0, 600), 1);
  const auto first = ledger.next_batch(1);
  CHECK(first.size() == frame::batch_count_max);
  CHECK(first.front().delivery == message(0).delivery);
  CHECK(ledger.next_batch(1).size() == frame::batch_count_max);
  CHECK(ledger.next_batch(1).size() == 600 - 2 * frame::batch_count_max);
  CHECK(ledger.next_batch(1).empty());
  CHECK(ledger.in_hand() == 600);
}

TEST_CASE("a batch of heavy messages stays well under the frame's limit") {
  Ledger ledger(100);
  auto heavy = messages(0, 10);
  for (auto& one : heavy) one.html = std::string(1'000'000, 'x');
  ledger.accept(heavy, 1);
  CHECK(ledger.next_batch(1).size() == 4);
}

TEST_CASE("the window counts what waits and what is in hand") {
  Ledger ledger(10);
  ledger.accept(messages(0, 6), 1);
  CHECK(ledger.room() == 4);
  const auto batch = ledger.next_batch(1);
  CHECK(ledger.room() == 4);
  CHECK(settle(ledger, batch[0]));
  CHECK(ledger.room() == 5);
}

TEST_CASE("an answer to what is not in hand is told apart") {
  Ledger ledger(10);
  ledger.accept({message(1)}, 1);
  CHECK_FALSE(settle(ledger, message(1)));
  const auto batch = ledger.next_batch(1);
  CHECK_FALSE(settle(ledger, message(1, 2)));
  CHECK(settle(ledger, message(1)));
  CHECK_FALSE(settle(ledger, message(1)));
}

TEST_CASE("a death answers unknown for what was in hand and keeps what waited") {
  Ledger ledger(10);
  ledger.accept(messages(0, 2), 1);
  (void)ledger.next_batch(1);
  ledger.accept(messages(2, 2), 1);
  const auto answers = ledger.sender_died();
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].result == ResultClass::unknown);
  CHECK(ledger.waiting() == 2);
  CHECK(ledger.next_batch(2).size() == 2);
}

TEST_CASE("suspects go alone and the others wait for them") {
  Ledger ledger(10);
  ledger.accept(messages(0, 2), 1);
  (void)ledger.next_batch(1);
  (void)ledger.sender_died();
  ledger.accept(messages(0, 2, 2), 2);
  ledger.accept(messages(5, 3), 2);
  auto alone = ledger.next_batch(2);
  REQUIRE(alone.size() == 1);
  CHECK(ledger.next_batch(2).empty());
  settle(ledger, alone[0]);
  alone = ledger.next_batch(2);
  REQUIRE(alone.size() == 1);
  settle(ledger, alone[0]);
  CHECK(ledger.next_batch(2).size() == 3);
}

TEST_CASE("a suspect waits until its neighbours in hand are answered") {
  Ledger ledger(10);
  ledger.accept({message(0)}, 1);
  (void)ledger.next_batch(1);
  (void)ledger.sender_died();
  ledger.accept({message(1)}, 2);
  const auto clean = ledger.next_batch(2);
  ledger.accept({message(0, 2)}, 2);
  CHECK(ledger.next_batch(2).empty());
  settle(ledger, clean[0]);
  CHECK(ledger.next_batch(2).size() == 1);
}

TEST_CASE("an answer clears a suspect") {
  Ledger ledger(10);
  for (std::uint32_t attempt = 1; attempt <= 6; attempt += 2) {
    ledger.accept({message(0, attempt)}, 1);
    (void)ledger.next_batch(1);
    CHECK(ledger.sender_died()[0].result == ResultClass::unknown);
    ledger.accept({message(0, attempt + 1)}, 1);
    CHECK(settle(ledger, ledger.next_batch(1)[0]));
  }
}

TEST_CASE("the third death parks") {
  Ledger ledger(10);
  for (std::uint32_t attempt = 1; attempt <= 3; ++attempt) {
    ledger.accept({message(0, attempt)}, 1);
    (void)ledger.next_batch(1);
    CHECK(ledger.sender_died()[0].result ==
          (attempt < 3 ? ResultClass::unknown : ResultClass::rejected));
  }
}

TEST_CASE("a sender that was stopped on purpose blames nobody") {
  Ledger ledger(10);
  for (std::uint32_t attempt = 1; attempt <= 4; ++attempt) {
    ledger.accept({message(0, attempt)}, 1);
    (void)ledger.next_batch(1);
    CHECK(ledger.sender_stopped()[0].result == ResultClass::unknown);
  }
}

TEST_CASE("what waited too long comes back and what is in hand too long is overdue") {
  Ledger ledger(10);
  ledger.accept({message(0)}, 5);
  (void)ledger.next_batch(6);
  ledger.accept({message(1)}, 7);
  CHECK_FALSE(ledger.overdue(6));
  CHECK(ledger.overdue(7));
  CHECK(ledger.give_up_waiting(7, ResultClass::provider_down, "none").empty());
  const auto answers = ledger.give_up_waiting(8, ResultClass::provider_down, "none");
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].delivery == message(1).delivery);
  CHECK(answers[0].result == ResultClass::provider_down);
}

TEST_CASE("suspicion is forgotten in order beyond its limit") {
  Suspicions suspicions;
  for (int i = 0; i <= int(Suspicions::remembered_max); ++i) suspicions.blame(message(i).delivery);
  CHECK(suspicions.deaths(message(0).delivery) == 0);
  CHECK(suspicions.deaths(message(1).delivery) == 1);
}

TEST_CASE("whatever happens every accepted message is answered exactly once") {
  std::mt19937 random(7);
  Ledger ledger(64);
  std::set<std::pair<DeliveryId, std::uint32_t>> open;
  std::vector<OutgoingMessage> handed;
  int number = 0;
  const auto close_all = [&](const std::vector<SendResult>& answers) {
    for (const auto& answer : answers) REQUIRE(open.erase({answer.delivery, answer.attempt}) == 1);
  };
  for (Tick now = 1; now < 3000; ++now) {
    const auto dice = random() % 10;
    if (dice < 4 && ledger.room() > 4) {
      for (auto& one : messages(number, 4)) open.insert({one.delivery, one.attempt});
      ledger.accept(messages(number, 4), now);
      number += 4;
    }
    for (auto& one : ledger.next_batch(now)) handed.push_back(std::move(one));
    if (dice < 8 && !handed.empty()) {
      const auto one = handed[random() % handed.size()];
      if (settle(ledger, one)) REQUIRE(open.erase({one.delivery, one.attempt}) == 1);
    }
    if (dice == 8) close_all(ledger.sender_died());
    if (dice == 9 && now > 20)
      close_all(ledger.give_up_waiting(now - 20, ResultClass::provider_down, ""));
  }
  close_all(ledger.sender_died());
  close_all(ledger.give_up_waiting(5000, ResultClass::provider_down, ""));
  CHECK(open.empty());
  CHECK(number > 500);
}
