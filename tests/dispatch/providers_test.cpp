// SPDX-License-Identifier: Apache-2.0
#include "dispatch/providers.hpp"

#include <doctest/doctest.h>

#include "dispatch/waiting_room.hpp"

using namespace rappel;
using namespace rappel::dispatch;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const Instant at_nine = *parse_rfc3339("2026-11-24T09:00:00Z");

Route route(const char* name, double weight, Channel channel = Channel::sms) {
  Route made;
  made.notifier = name;
  made.channel = channel;
  made.weight = weight;
  made.again = at_nine;
  return made;
}

Route sick(const char* name, seconds again, minutes since) {
  Route made = route(name, 0);
  made.again = at_nine + again;
  made.stopped_since = at_nine - since;
  return made;
}

}  // namespace

TEST_CASE("weights of three to one give three messages to one") {
  Providers providers({route("big", 3), route("small", 1)}, at_nine);
  std::map<std::string, int> sent;
  for (int i = 0; i < 1'000; ++i) ++sent[providers.choose(Channel::sms).route->notifier];
  CHECK(sent["big"] == 750);
  CHECK(sent["small"] == 250);
}

TEST_CASE("the choice is smooth and lives on over batches of one") {
  std::vector<Route> routes{route("big", 3), route("small", 1)};
  std::string order;
  for (int i = 0; i < 8; ++i) {
    Providers batch(routes, at_nine);
    order += batch.choose(Channel::sms).route->notifier.substr(0, 1);
    for (auto& each : routes) each.turn += batch.turns().at(each.notifier);
  }
  CHECK(order == "bbsbbbsb");
}

TEST_CASE("who takes nothing is passed over and gets no credit for it") {
  Providers providers({sick("big", seconds{5}, minutes{1}), route("small", 1)}, at_nine);
  for (int i = 0; i < 10; ++i) {
    const auto choice = providers.choose(Channel::sms);
    CHECK(choice.route->notifier == "small");
    CHECK_FALSE(choice.waits);
  }
  CHECK(providers.turns().find("big") == providers.turns().end());
}

TEST_CASE("a provider on probation gets no more than its one message of a batch") {
  auto probed = route("probed", 10);
  probed.limit = 1;
  Providers providers({probed, route("other", 1)}, at_nine);
  int sent = 0;
  for (int i = 0; i < 20; ++i) sent += providers.choose(Channel::sms).route->notifier == "probed";
  CHECK(sent == 1);
}

TEST_CASE("who has no room left is passed over while another has some") {
  auto narrow = route("narrow", 3);
  narrow.room = 2;
  auto wide = route("wide", 1);
  wide.room = 6;
  Providers providers({narrow, wide}, at_nine);
  std::map<std::string, int> sent;
  for (int i = 0; i < 8; ++i) ++sent[providers.choose(Channel::sms).route->notifier];
  CHECK(sent["narrow"] == 2);
  CHECK(sent["wide"] == 6);
  for (int i = 0; i < 400; ++i) ++sent[providers.choose(Channel::sms).route->notifier];
  CHECK(sent["narrow"] > 290);  // then they wait where the weights say
}

TEST_CASE("when all are sick the message waits for the one that is back first") {
  Providers providers({sick("late", seconds{60}, minutes{1}), sick("soon", seconds{5}, minutes{1})},
                      at_nine);
  const auto choice = providers.choose(Channel::sms);
  CHECK(choice.waits);
  CHECK(choice.route->notifier == "soon");
  CHECK(providers.choose(Channel::letter).route == nullptr);
}

TEST_CASE("a channel is waited for while there is hope and time") {
  const Providers recent({sick("a", seconds{60}, minutes{10})}, at_nine);
  CHECK(recent.worth_waiting(Channel::sms, std::nullopt));
  CHECK(recent.worth_waiting(Channel::sms, at_nine + hours{1}));
  CHECK_FALSE(recent.worth_waiting(Channel::sms, at_nine + seconds{30}));
  const Providers old({sick("a", seconds{60}, minutes{31})}, at_nine);
  CHECK_FALSE(old.worth_waiting(Channel::sms, std::nullopt));
  const Providers mixed({sick("a", seconds{60}, minutes{31}), route("b", 1)}, at_nine);
  CHECK(mixed.worth_waiting(Channel::sms, std::nullopt));
}

TEST_CASE("the waiting room lets lanes go by weight and tenants one by one") {
  WaitingRoom<char> room;
  const auto big = TenantId::random();
  const auto small = TenantId::random();
  for (int i = 0; i < 240; ++i) room.push(Lane::legal_deadline, big, 'l');
  for (int i = 0; i < 240; ++i) room.push(Lane::advice, big, 'a');
  room.push(Lane::legal_deadline, small, 's');
  std::string order;
  for (int i = 0; i < 90; ++i) order += *room.pop();
  CHECK(order.find('s') < 2);
  CHECK(std::count(order.begin(), order.end(), 'a') == 10);
}

TEST_CASE("a full waiting room puts off the newest of who has most in the least urgent lane") {
  WaitingRoom<int> room;
  const auto big = TenantId::random();
  const auto small = TenantId::random();
  for (int i = 0; i < 5; ++i) room.push(Lane::advice, big, i);
  room.push(Lane::advice, small, 10);
  room.push(Lane::legal_deadline, big, 20);
  CHECK(room.displace() == 4);
  CHECK(room.displace() == 3);
  const auto taken = room.take_if([](int item) { return item < 10; });
  CHECK(taken.size() == 3);
  CHECK(room.displace() == 10);
  CHECK(room.displace() == 20);
  CHECK(room.empty());
  CHECK_FALSE(room.pop().has_value());
}
