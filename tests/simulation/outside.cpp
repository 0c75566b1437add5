// SPDX-License-Identifier: Apache-2.0
#include "simulation/outside.hpp"

#include <algorithm>
#include <array>

namespace rappel::simulation {

using notify::ResultClass;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

/// One address in so many is bad, for ever.
constexpr std::size_t bad_address_one_in = 17;
/// When a sender gives up waiting for its provider.
constexpr minutes send_timeout{10};

const Way& way_of(const std::string& notifier) {
  return *std::find_if(ways.begin(), ways.end(),
                       [&](const Way& way) { return way.notifier == notifier; });
}

std::uint64_t number_of(const std::string& text) {
  std::uint64_t number = 0xcbf29ce484222325ULL;
  for (const unsigned char c : text) number = (number ^ c) * 0x100000001b3ULL;
  return number ^ (number >> 29);
}

}  // namespace

Providers::Reply Providers::refusal() {
  constexpr std::array classes{ResultClass::provider_down, ResultClass::try_later, ResultClass::throttled};
  Reply reply;
  reply.result = classes[std::size_t(chance_.between(0, 2))];
  if (reply.result == ResultClass::throttled) reply.retry_after = seconds{chance_.between(1, 3'600)};
  reply.after = chance_.span(milliseconds{1}, seconds{5});
  return reply;
}

/// In a storm a message may arrive and nobody learns of it, or be refused, or be answered for late.
Providers::Reply Providers::send(const std::string& notifier, const notify::OutgoingMessage& message) {
  if (timeline_.now() < ill_until_[notifier]) return refusal();
  const Way& way = way_of(notifier);
  Reply reply;
  reply.after = chance_.span(milliseconds{1}, milliseconds{800});
  if (way.channel != Channel::inapp && number_of(message.to) % bad_address_one_in == 0) {
    reply.result = ResultClass::bad_address;
    return reply;
  }
  reply.result = way.channel == Channel::inapp ? ResultClass::delivered : ResultClass::accepted;
  const double drawn = faults_.storm ? chance_.unit() : 1;
  if (drawn < 0.12) return refusal();
  if (drawn < 0.14) {
    reply.result = ResultClass::rejected;
    return reply;
  }
  const bool arrives = drawn > 0.26 || chance_.of(0.5);
  if (drawn < 0.26) reply.result = ResultClass::unknown;
  if (drawn < 0.20) reply.after = send_timeout;  // it never answers
  if (drawn > 0.26 && drawn < 0.36) reply.after = chance_.span(seconds{5}, hours{8});
  if (arrives && ++arrived_[message.idempotency_key] > 1) ++copies_;
  return reply;
}

Providers::Reply Providers::ask(const notify::StatusQuery& query) {
  if (faults_.storm && chance_.of(0.3)) return refusal();
  Reply reply;
  reply.after = chance_.span(milliseconds{5}, seconds{2});
  const auto known = arrived_.find(query.idempotency_key);
  if (known == arrived_.end()) reply.result = ResultClass::unknown;
  return reply;
}

bool Senders::ready(const std::string& notifier) const { return !away_.contains(notifier); }

std::size_t Senders::window(const std::string& notifier) const {
  if (!ready(notifier)) return 0;
  const auto held = held_.find(notifier);
  const std::size_t taken = held == held_.end() ? 0 : held->second.size();
  return taken >= window_max ? 0 : window_max - taken;
}

bool Senders::can_query(const std::string& notifier) const {
  return ready(notifier) && way_of(notifier).can_query;
}

void Senders::send(const std::string& notifier, std::vector<notify::OutgoingMessage> messages) {
  for (const auto& message : messages) {
    witness_.handed(notifier, message);
    expect(notifier, message.delivery, message.attempt, providers_.send(notifier, message));
  }
  // The process may end in the midst of it, with some of them on their way.
  if (faults_.storm && faults_.chance().of(0.01)) faults_.kill(*process_, "dies after a hand-over");
}

void Senders::query(const std::string& notifier, std::vector<notify::StatusQuery> queries) {
  for (const auto& query : queries) {
    witness_.asked(query);
    expect(notifier, query.delivery, query.attempt, providers_.ask(query));
  }
}

void Senders::expect(const std::string& notifier, DeliveryId delivery, std::uint32_t attempt,
                     const Providers::Reply& reply) {
  notify::SendResult result;
  result.delivery = delivery;
  result.attempt = attempt;
  result.result = reply.result;
  result.retry_after = reply.retry_after;
  const auto number = ++numbers_;
  held_[notifier][number] = {delivery, attempt};
  timeline_.after(reply.after, process_, [this, notifier, number, result] {
    answer(notifier, number, result);
  });
}

void Senders::answer(const std::string& notifier, std::uint64_t number, notify::SendResult result) {
  if (held_[notifier].erase(number) == 0) return;  // its sender died meanwhile
  on_results_({std::move(result)});
}

void Senders::die(const std::string& notifier) {
  if (!away_.insert(notifier).second) return;
  witness_.disturbed();
  std::vector<notify::SendResult> lost;
  for (const auto& [number, held] : held_[notifier]) {
    notify::SendResult result;
    result.delivery = held.delivery;
    result.attempt = held.attempt;
    result.result = ResultClass::unknown;
    lost.push_back(std::move(result));
  }
  held_[notifier].clear();
  if (!lost.empty()) on_results_(std::move(lost));
  timeline_.after(faults_.chance().span(seconds{1}, minutes{20}), process_, [this, notifier] {
    away_.erase(notifier);
    if (on_ready) on_ready(notifier);
  });
}

}  // namespace rappel::simulation
